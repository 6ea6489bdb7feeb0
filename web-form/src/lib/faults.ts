import { type Catalogue, en } from '@/texts';
import { fill } from './fill';

/** What is wrong with a value: a text of the catalogue and what fills it. */
export interface Fault {
  text: 'required' | 'length' | 'line' | 'nul' | 'visible' | 'email' | 'phone' | 'oneOf' | 'password' | 'mismatch';
  values?: Record<string, string | number>;
}

const simple = ['required', 'length', 'line', 'nul', 'visible', 'email', 'phone', 'oneOf'] as const;

/** A fault as the server words it: the end of a sentence that begins with the field. */
export function faultText(fault: Fault, texts: Pick<Catalogue, 'errors'>): string {
  return fill(texts.errors[fault.text], fault.values ?? {});
}

/** A whole sentence about a field, with numbers as readers of the language write them. */
export function faultSentence(field: string, fault: Fault, texts: Pick<Catalogue, 'errors' | 'code'>): string {
  const number = new Intl.NumberFormat(texts.code);
  const written = Object.entries(fault.values ?? {}).map(([name, value]) => {
    const isNumber = typeof value === 'number' || /^\d+$/.test(value);
    return [name, isNumber ? number.format(Number(value)) : value] as const;
  });
  const message = faultText({ text: fault.text, values: Object.fromEntries(written) }, texts);
  return fill(texts.errors.sentence, { field, message });
}

/** Recognises a message of the server, so that it can be shown in another language; null if it is unknown. */
export function faultFromServer(message: string): Fault | null {
  for (const text of simple) {
    const names: string[] = [];
    const pattern = en.errors[text]
      .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
      .replace(/\{(\w+)\}/g, (_, name: string) => {
        names.push(name);
        return '(.+)';
      });
    const found = new RegExp(`^${pattern}$`).exec(message);
    if (found) return { text, values: Object.fromEntries(names.map((name, n) => [name, found[n + 1] ?? ''])) };
  }
  return null;
}

/** Reads a fault back from the message of a zod issue, which carries it as JSON; null for any other message. */
export function faultOf(message: string | undefined): Fault | null {
  if (!message) return null;
  try {
    const value: unknown = JSON.parse(message);
    return value !== null && typeof value === 'object' && 'text' in value ? (value as Fault) : null;
  } catch {
    return null;
  }
}
