import { en } from './texts.mjs';
import { fill } from './fill.mjs';
const simple = ['required', 'length', 'line', 'control', 'email', 'phone', 'oneOf'];
/** A fault as the server words it: the end of a sentence that begins with the field. */
export function faultText(fault, texts) {
    return fill(texts.errors[fault.text], fault.values ?? {});
}
/** A whole sentence about a field. */
export function faultSentence(field, fault, texts) {
    return fill(texts.errors.sentence, { field, message: faultText(fault, texts) });
}
/** Recognises a message of the server, so that it can be shown in another language; null if it is unknown. */
export function faultFromServer(message) {
    for (const text of simple) {
        const names = [];
        const pattern = en.errors[text]
            .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
            .replace(/\{(\w+)\}/g, (_, name) => {
            names.push(name);
            return '(.+)';
        });
        const found = new RegExp(`^${pattern}$`).exec(message);
        if (found)
            return { text, values: Object.fromEntries(names.map((name, n) => [name, found[n + 1] ?? ''])) };
    }
    return null;
}
/** Reads a fault back from the message of a zod issue, which carries it as JSON; null for any other message. */
export function faultOf(message) {
    if (!message)
        return null;
    try {
        const value = JSON.parse(message);
        return value !== null && typeof value === 'object' && 'text' in value ? value : null;
    }
    catch {
        return null;
    }
}
