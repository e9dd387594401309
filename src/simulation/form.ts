import type { Random } from './random.ts';

// A form is the text of a SIP message as a device writes it: header order, case and blanks kept, and ${placeholders} for what
// differs from message to message. ${digits:10} and its kin draw so many characters; the same placeholder twice in one message
// is the same text, and ${digits:10:b} is another one.
const PLACEHOLDER = /\$\{([A-Za-z]+)(?::(\d{1,3}))?(?::[a-z]+)?\}/g;

const ALPHABETS: Readonly<Record<string, string>> = {
  digits: '0123456789',
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  letters: 'abcdefghijklmnopqrstuvwxyz',
  word: '0123456789abcdefghijklmnopqrstuvwxyz',
};

export type Values = Readonly<Record<string, string>>;

/** Placeholders of a form that are neither drawn nor among `known`, and dollar signs that begin none. */
export function unknownPlaceholders(form: string, known: readonly string[]): string[] {
  const names = [...form.matchAll(PLACEHOLDER)].filter(([, name = '', length]) =>
    length === undefined ? !known.includes(name) : !Object.hasOwn(ALPHABETS, name),
  );
  const stray = form.replace(PLACEHOLDER, '').match(/\$\{[^}\n]*\}?/g) ?? [];
  return [...names.map(([whole]) => whole), ...stray];
}

/** Fills every placeholder from `values` or by chance. Throws for one that the roster's check would have refused. */
export function fill(form: string, values: Values, random: Random): string {
  const drawn = new Map<string, string>();
  return form.replace(PLACEHOLDER, (whole: string, name: string, length: string | undefined) => {
    const text = drawn.get(whole) ?? (length === undefined ? values[name] : draw(name, length, random));
    if (text === undefined) throw new Error(`nothing to fill ${whole} with`);
    drawn.set(whole, text);
    return text;
  });
}

function draw(name: string, length: string, random: Random): string | undefined {
  const alphabet = ALPHABETS[name];
  return alphabet === undefined ? undefined : random.text(alphabet, Number(length));
}

/** The bytes of a message: an empty line divides header and body, and ${length} is the body's length in bytes. */
export function render(
  form: string,
  values: Values,
  random: Random,
  lineEnd: '\r\n' | '\n' = '\r\n',
): Uint8Array {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text.replaceAll('\n', lineEnd));
  const [head = '', ...rest] = form.split(/\n\n/);
  const body = encode(fill(rest.join('\n\n'), values, random));
  const filledHead = fill(head.trimEnd(), { ...values, length: String(body.length) }, random);
  return Uint8Array.from([...encode(`${filledHead}\n\n`), ...body]);
}
