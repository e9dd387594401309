import { createHash } from 'node:crypto';
import { success } from '../model/outcome.ts';
import { readYaml } from './read-yaml.ts';

/** What YAML texts hold, by their SHA-256: made when the program is built, of texts that it would else parse at every start. */
export type KnownTexts = Readonly<Record<string, unknown>>;

/** Texts that are no YAML are left out. */
export const knowTexts = (texts: readonly string[]): KnownTexts =>
  Object.fromEntries(
    texts.flatMap((text) => {
      const document = readYaml(text, '');
      return document.ok ? [[sha256(text), document.value.value]] : [];
    }),
  );

/** Reads like `readYaml`, but a text that is known is parsed only when somebody asks for a place in it. */
export const readerKnowing =
  (known: KnownTexts): typeof readYaml =>
  (text, file) => {
    const hash = sha256(text);
    if (!Object.hasOwn(known, hash)) return readYaml(text, file);
    let parsed: ReturnType<typeof readYaml> | undefined;
    return success({
      file,
      value: known[hash],
      placeOf(path, part) {
        parsed ??= readYaml(text, file);
        return parsed.ok ? parsed.value.placeOf(path, part) : { line: 1, column: 1 };
      },
    });
  };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
