/** White space as the server trims it (Unicode White_Space), which differs from JavaScript's `trim` in U+FEFF. */
export function trimmed(text) {
    return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}
/** Characters, not UTF-16 units. */
export function characters(text) {
    let n = 0;
    for (const _ of text)
        n += 1;
    return n;
}
