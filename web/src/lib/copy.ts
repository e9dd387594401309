/** Browsers hand out the clipboard only over TLS and on loopback. */
export const canCopy = (): boolean => 'clipboard' in navigator;

/** Whether it worked: a person may have forbidden it. */
export const copyText = (text: string): Promise<boolean> =>
  navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
