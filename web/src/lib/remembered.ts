/** What this browser keeps of a person's choices. A browser that keeps nothing (private mode) is no fault. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Then the choice holds for this visit.
  }
}
