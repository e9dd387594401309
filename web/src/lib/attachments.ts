/**
 * Makes a dialog modal: the rest of the page is out of reach, and does not scroll, until it closes. Then what opened it has the
 * focus again, also when it was the browser's back button that closed it.
 */
export function showModal(dialog: HTMLDialogElement): () => void {
  const opener = document.activeElement;
  dialog.showModal();
  document.documentElement.classList.add('modal');
  return () => {
    document.documentElement.classList.remove('modal');
    if (opener instanceof HTMLElement) opener.focus();
  };
}

/**
 * Opens what a table row stands for (`data-id`) when it is clicked anywhere: a convenience for the mouse. Keyboard and screen
 * readers use the button in the row.
 */
export const openRows =
  (open: (id: string) => void) =>
  (table: HTMLElement): (() => void) => {
    const clicked = ({ target }: MouseEvent): void => {
      if (!(target instanceof Element) || target.closest('button') !== null) return;
      // Whoever marks a MAC address to copy it does not want a panel.
      if (getSelection()?.isCollapsed === false) return;
      const id = target.closest<HTMLElement>('[data-id]')?.dataset['id'];
      if (id !== undefined) open(id);
    };
    table.addEventListener('click', clicked);
    return () => table.removeEventListener('click', clicked);
  };
