/** Fills the names in braces of a text. */
export function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
/** The form of a text for a number, by the plural rules of the language. */
export function plural(forms, n, language) {
    const form = new Intl.PluralRules(language).select(n) === 'one' ? forms.one : forms.other;
    return fill(form, { n: new Intl.NumberFormat(language).format(n) });
}
