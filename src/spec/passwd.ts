/**
 * Parsers for the content of an image's /etc/passwd and /etc/group. The content is hostile: it is bounded, read byte by
 * byte, and a line that is not exactly of the form is skipped, as if it did not exist. No file is opened here.
 * Source: passwd(5), group(5); CVE-2022-4318, CVE-2026-15809, CVE-2024-40635, CVE-2026-47262.
 */
import { invalid } from '../base/errors.ts';

/** The largest file that is looked at; whoever reads it must not read more. */
export const maxAccountFileBytes = 10 * 1024 * 1024;
/** runc reads these files, too, and gives up at 64 KiB with a word about its scanner. */
const maxLineBytes = 65_534;

/** The largest id: 2^32-1 means "no change" to the kernel. Source: setresuid(2), credentials(7). */
export const maxId = 4_294_967_294;

export type PasswdEntry = {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** As in the file; may be empty. */
  readonly home: string;
};

export type GroupEntry = {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
};

/** A user or group id: decimal digits only, 0..2^32-2, no sign, no spaces; null otherwise. */
export function parseId(text: string): number | null {
  if (!/^[0-9]{1,10}$/.test(text)) return null;
  const id = Number(text);
  return id <= maxId ? id : null;
}

/** The entries in file order. @throws AccountFileTooLarge */
export function parsePasswd(content: Uint8Array): readonly PasswdEntry[] {
  return fieldsOfLines(content).flatMap((fields) => {
    const [name = '', , uidText = '', gidText = '', , home = ''] = fields;
    const uid = parseId(uidText);
    const gid = parseId(gidText);
    if (fields.length !== 7 || !isName(name) || uid === null || gid === null) return [];
    return [{ name, uid, gid, home: home.includes(replacement) ? '' : home }];
  });
}

/** The entries in file order. @throws AccountFileTooLarge */
export function parseGroup(content: Uint8Array): readonly GroupEntry[] {
  return fieldsOfLines(content).flatMap((fields) => {
    const [name = '', , gidText = '', memberText = ''] = fields;
    const gid = parseId(gidText);
    if (fields.length !== 4 || !isName(name) || gid === null) return [];
    return [{ name, gid, members: memberText.split(',').filter((member) => member !== '') }];
  });
}

const lineFeed = 0x0a;
const firstPrintable = 0x20;
const deleteByte = 0x7f;

/** What the decoder puts where bytes are not UTF-8. */
const replacement = '\ufffd';

function isName(text: string): boolean {
  return text !== '' && !text.includes(replacement);
}

/** Lines as fields. A line that holds a control byte (NUL, CR, escape...) is left out as a whole. */
function fieldsOfLines(content: Uint8Array): readonly (readonly string[])[] {
  if (content.length > maxAccountFileBytes) {
    throw invalid(
      'AccountFileTooLarge',
      `read passwd or group of the image: ${content.length} bytes, at most ${maxAccountFileBytes} are read`,
    );
  }
  const lines: (readonly string[])[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: false });
  for (let start = 0; start < content.length;) {
    const found = content.indexOf(lineFeed, start);
    const end = found === -1 ? content.length : found;
    const line = content.subarray(start, end);
    if (line.length > maxLineBytes)
      throw invalid(
        'AccountFileTooLarge',
        `read passwd or group of the image: a line of ${line.length} bytes, expected at most ${maxLineBytes}`,
      );
    if (line.length > 0 && line.every(isPrintable)) lines.push(decoder.decode(line).split(':'));
    start = end + 1;
  }
  return lines;
}

function isPrintable(byte: number): boolean {
  return byte >= firstPrintable && byte !== deleteByte;
}
