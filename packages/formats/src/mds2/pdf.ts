import { getDocumentProxy } from 'unpdf';
import { PDF_PAGE_ITEMS, PDF_PAGES } from '../limits.ts';
import type { Sheets } from '../spreadsheet/sheet.ts';
import { FormFault } from './form.ts';
import { type Page, rowsOf, type Snippet } from './pdf-rows.ts';

/** The text of a PDF (ISO 32000) by pages, fields of forms with it, laid out as rows of cells. @throws FormFault */
export async function readPdf(bytes: Uint8Array): Promise<Sheets> {
  const document = await opened(bytes);
  const warnings: Sheets['warnings'] = [];
  const pages: Page[] = [];
  try {
    const count = document.numPages;
    if (count > PDF_PAGES)
      warnings.push({ place: `page ${PDF_PAGES}`, message: 'the pages after this one were not read' });
    for (let number = 1; number <= Math.min(count, PDF_PAGES); number++) {
      const snippets = await snippetsOf(document, number).catch(() => null);
      if (snippets === null) warnings.push({ place: `page ${number}`, message: 'this page is damaged' });
      else pages.push({ number, snippets });
    }
  } finally {
    await document.loadingTask.destroy();
  }
  if (pages.every(({ snippets }) => snippets.length === 0))
    throw new FormFault('page 1', 'the pages hold no text: it is a scanned picture, which is not read');
  return { sheets: [{ name: 'form', cells: rowsOf(pages), merges: [] }], warnings };
}

type Document = Awaited<ReturnType<typeof getDocumentProxy>>;

async function opened(bytes: Uint8Array): Promise<Document> {
  try {
    // PDF.js takes the buffer away from its owner.
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      stopAtErrors: false,
      maxImageSize: 1,
      enableXfa: false,
      useSystemFonts: false,
      disableFontFace: true,
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    throw new FormFault(
      'page 1',
      name === 'PasswordException' ? 'the PDF asks for a password' : 'the PDF is damaged or cut off',
    );
  }
}

async function snippetsOf(document: Document, number: number): Promise<Snippet[]> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent({ disableNormalization: false });
  const snippets: Snippet[] = [];
  for (const item of items.slice(0, PDF_PAGE_ITEMS))
    if ('str' in item && item.str.trim() !== '')
      snippets.push({
        text: item.str,
        x: Number(item.transform[4]),
        y: Number(item.transform[5]),
        width: item.width,
        height: item.height || Math.abs(Number(item.transform[3])) || 8,
      });
  for (const field of await page.getAnnotations()) snippets.push(...filledIn(field));
  page.cleanup();
  return snippets;
}

/** What somebody has filled into a field (ISO 32000-1 §12.7). */
function filledIn(field: Record<string, unknown>): Snippet[] {
  const { subtype, fieldValue, rect, checkBox, radioButton, exportValue, buttonValue } = field;
  if (subtype !== 'Widget' || !Array.isArray(rect) || rect.length !== 4) return [];
  const [left, bottom, right, top] = rect.map(Number) as [number, number, number, number];
  const isTicked = (checkBox === true || radioButton === true) && fieldValue === (exportValue ?? buttonValue);
  const value = Array.isArray(fieldValue) ? fieldValue.join(' ') : fieldValue;
  if (typeof value !== 'string' || value.trim() === '') return [];
  if (checkBox === true || radioButton === true)
    return isTicked ? [{ text: 'X', x: left, y: bottom, width: right - left, height: top - bottom }] : [];
  const size = Math.min(top - bottom, 10);
  return value.split(/\r\n?|\n/).map((text, line) => ({
    text,
    x: left,
    y: top - size - line * size * 1.2,
    width: Math.min(right - left, text.length * size * 0.55),
    height: size,
  }));
}
