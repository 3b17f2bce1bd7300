/**
 * A password from standard input: from a terminal it is asked for, and not shown while it is typed.
 */
import { text } from 'node:stream/consumers';
import { StringDecoder } from 'node:string_decoder';
import { canceled } from '../../base/errors.ts';
import { printable } from '../table.ts';

/** @throws Interrupted by Ctrl-C */
export async function readPassword(username: string): Promise<string> {
  const { stdin, stderr } = process;
  // Whatever else is in it belongs to it, spaces included.
  if (!stdin.isTTY) return (await text(stdin)).replace(/\r?\n$/, '');
  stderr.write(`Password of ${printable(username)}: `);
  stdin.setRawMode(true);
  try {
    return await readLine(stdin.iterator({ destroyOnReturn: false }));
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

const key = {
  interrupt: '\u0003',
  end: '\u0004',
  backspace: '\b',
  delete: '\u007F',
  kill: '\u0015',
} as const;

/** What was typed until the line ended. */
export async function readLine(keys: AsyncIterable<Buffer>): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let typed: string[] = [];
  for await (const chunk of keys) {
    for (const character of decoder.write(chunk)) {
      if (character === '\r' || character === '\n' || character === key.end) return typed.join('');
      if (character === key.interrupt) throw canceled('Interrupted', 'interrupted');
      if (character === key.backspace || character === key.delete) typed.pop();
      else if (character === key.kill) typed = [];
      else typed.push(character);
    }
  }
  return typed.join('');
}
