import { stripVTControlCharacters } from 'node:util';

const lengthOf = (text: string): number => stripVTControlCharacters(text).length;

/**
 * Text in lines of at most `width` characters, colours not counted, broken between words; the second and all that follow begin with
 * `indent` blanks. As it is without a width.
 */
export function wrap(text: string, width: number | undefined, indent: number): string {
  if (width === undefined || lengthOf(text) <= width) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    const most = lines.length === 0 ? width : width - indent;
    if (lengthOf(longer) <= most || line.trim() === '') line = longer;
    else {
      lines.push(line.trimEnd());
      line = word;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
