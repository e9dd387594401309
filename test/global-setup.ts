/** What must exist before any test runs. The built program and dashboard are made by `pretest`. */
export default function setup(): void {
  process.env['TZ'] = 'UTC';
}
