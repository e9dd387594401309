/** The pieces of `Desk ${model}`, texts and names of groups; null where a placeholder is not closed or has no name. */
export function readTemplate(text: string): (string | { name: string })[] | null {
  const pieces = text.split(/\$\{(\w+)\}/);
  if (pieces.some((piece) => piece.includes('${'))) return null;
  return pieces
    .map((piece, index) => (index % 2 === 0 ? piece : { name: piece }))
    .filter((piece) => piece !== '');
}
