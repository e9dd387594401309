/** `Did you mean "pattern"?` for the nearest known word within two edits (a third of its length at most), else null. */
export function didYouMean(word: string, known: readonly string[]): string | null {
  const wanted = word.toLowerCase().slice(0, 64);
  let best: { word: string; edits: number } | null = null;
  for (const candidate of known) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (
      edits <= Math.max(1, Math.min(2, Math.floor(candidate.length / 3))) &&
      (best === null || edits < best.edits)
    )
      best = { word: candidate, edits };
  }
  return best === null ? null : `Did you mean "${best.word}"?`;
}

/** Edits between two words, a swap of neighbours counted as one (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(
        (rows[i - 1]?.[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (rows[i - 1]?.[j - 1] ?? 0) + cost,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
