/**
 * The words of RE2's syntax, as far as anything here must tell them apart: quoted text, escapes, classes, opening brackets of all
 * kinds, quantifiers, and single characters.
 */
const TOKEN = new RegExp(
  [
    String.raw`\\Q.*?(?:\\E|$)`,
    String.raw`\\[pPx]\{[^}]*\}`,
    String.raw`\\.`,
    String.raw`\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]`,
    String.raw`\(\?<?[=!]`,
    String.raw`\(\?P?<[^>]*>`,
    String.raw`\(\?[\w-]*[:)]`,
    String.raw`(?:[*+?]|\{\d+(?:,\d*)?\})\??`,
    '.',
  ].join('|'),
  'gsu',
);

/** Cuts a pattern into its tokens. Total: what is no syntax comes out as single characters. */
export const tokensOf = (pattern: string): string[] => pattern.match(TOKEN) ?? [];
