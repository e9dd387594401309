import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Text for people, coloured when `isColoured`. */
export interface Paint {
  (style: Style, text: string): string;
}

/** Colour for a terminal; plain text for files, pipes and NO_COLOR. */
export const paintFor = (stream: NodeJS.WriteStream): Paint =>
  stream.isTTY && process.env['NO_COLOR'] === undefined
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
