/**
 * The text with which both directions of a SPDY/3.1 connection start their header compression. Nothing here is ours: one
 * other byte and no peer understands us.
 * Source: SPDY protocol draft 3.1, section 2.6.10.1; its Adler-32 is 0xe3c6a7c2.
 */

/** Each stands behind its length in 32 bits, big-endian. */
const words = [
  ...'options head post put delete trace accept accept-charset accept-encoding accept-language'.split(' '),
  ...'accept-ranges age allow authorization cache-control connection content-base content-encoding'.split(
    ' ',
  ),
  ...'content-language content-length content-location content-md5 content-range content-type date'.split(
    ' ',
  ),
  ...'etag expect expires from host if-match if-modified-since if-none-match if-range'.split(' '),
  ...'if-unmodified-since last-modified location max-forwards pragma proxy-authenticate'.split(' '),
  ...'proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade'.split(' '),
  ...'user-agent vary via warning www-authenticate method get status'.split(' '),
  '200 OK',
  ...'version HTTP/1.1 url public set-cookie keep-alive origin'.split(' '),
];

const statusNumbers =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505';

const phrases =
  '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized' +
  '403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable' +
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT' +
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,' +
  'text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

export const headerDictionary: Buffer = Buffer.concat([
  ...words.flatMap((word) => [lengthOf(word), Buffer.from(word, 'latin1')]),
  Buffer.from(statusNumbers + phrases, 'latin1'),
]);

/** Names the dictionary in a zlib stream. Source: RFC 1950, DICTID. */
export const headerDictionaryId = 0xe3c6a7c2;

function lengthOf(word: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(word.length);
  return length;
}
