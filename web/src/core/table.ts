// Rows as text that spreadsheets open: CSV.

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

// A text that begins like a formula would be one, whoever wrote it.
const formula = /^[=+\-@\t\r]/;

function printed(cell: Cell, comma: boolean): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return comma ? String(cell).replace('.', ',') : String(cell);
  const text = formula.test(String(cell)) ? `'${cell}` : String(cell);
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// The first row's names are the head. comma: where numbers are written 0,92 spreadsheets part cells by semicolons.
export function csv(rows: readonly Row[], comma: boolean): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => names.map((name) => printed(row[name] ?? null, comma)));
  // A byte order mark, by which they know UTF-8.
  return `\ufeff${[names, ...lines].map((cells) => cells.join(comma ? ';' : ',')).join('\r\n')}\r\n`;
}
