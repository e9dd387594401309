import { AppError } from '../model/app-error.ts';
import { bounded, printable } from '../model/text.ts';

export const noDevice = (id: string): AppError =>
  new AppError('NOT_FOUND', `There is no device "${printable(bounded(id, 100))}".`);
