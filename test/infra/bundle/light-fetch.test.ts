import { describe, expect, it, test } from 'vitest';
import * as light from '../../../infra/bundle/light-fetch.ts';

const native = { Headers, Request, Response };
type Fetch = typeof native;

/** What both must say of the same thing. */
const asked: readonly [what: string, ask: (fetch: Fetch) => unknown][] = [
  ['a header in any case', ({ Headers }) => new Headers({ 'Content-Type': 'a' }).get('content-TYPE')],
  ['a header that is not there', ({ Headers }) => [new Headers().get('a'), new Headers().has('a')]],
  [
    'a header that was deleted',
    ({ Headers }) => {
      const headers = new Headers({ A: '1' });
      headers.delete('a');
      return headers.has('A');
    },
  ],
  [
    'a header that was set twice',
    ({ Headers }) => {
      const headers = new Headers({ a: '1' });
      headers.set('A', '2');
      return headers.get('a');
    },
  ],
  [
    'a header that came twice',
    ({ Headers }) => {
      const headers = new Headers();
      headers.append('Authorization', 'Bearer a');
      headers.append('authorization', 'Bearer b');
      return headers.get('Authorization');
    },
  ],
  ['headers from headers', ({ Headers }) => [...new Headers(new Headers({ B: '1' }))]],
  [
    'headers from pairs',
    ({ Headers }) => [
      ...new Headers([
        ['A', '1'],
        ['a', '2'],
      ]),
    ],
  ],
  [
    'each header',
    ({ Headers }) => {
      const seen: string[] = [];
      new Headers({ A: '1', B: '2' }).forEach((value, name) => void seen.push(`${name}=${value}`));
      return seen;
    },
  ],
  [
    'a request',
    ({ Request }) => {
      const { url, method, headers } = new Request('https://a.example/b?c=d', {
        method: 'POST',
        headers: { a: '1' },
        body: 'x',
      });
      return [url, method, headers.get('a')];
    },
  ],
  [
    'a request without anything',
    ({ Request }) => [new Request('https://a.example/').method, new Request('https://a.example/').body],
  ],
  [
    'a body of text',
    async ({ Request }) => await new Request('https://a.example/', { method: 'POST', body: 'ä' }).text(),
  ],
  [
    'a body of bytes',
    async ({ Request }) =>
      await new Request('https://a.example/', {
        method: 'POST',
        body: new TextEncoder().encode('{"a":"ä"}'),
      }).json(),
  ],
  [
    'a body that is no UTF-8',
    async ({ Request }) =>
      await new Request('https://a.example/', { method: 'POST', body: new Uint8Array([0xff, 65]) }).text(),
  ],
  ['no body', async ({ Response }) => [new Response().body, await new Response().text()]],
  [
    'an answer',
    async ({ Response }) => {
      const response = new Response('{}', { status: 404, headers: { 'Content-Type': 'application/json' } });
      return [response.status, response.headers.get('content-type'), await response.json()];
    },
  ],
  ['an answer without a status', ({ Response }) => new Response('x').status],
];

describe('the stand-ins for Headers, Request and Response', () => {
  test.each(asked)('say of %s what Node’s say', async (_what, ask) => {
    expect(await ask(light as unknown as Fetch)).toEqual(await ask(native));
  });

  it.each([
    ['a', 'x\r\nSet-Cookie: y'],
    ['a', 'x\0'],
    ['a', '€'],
    ['a b', 'x'],
    ['', 'x'],
  ])('refuse the header %j: %j, as Node’s do', (name, value) => {
    expect(() => new Headers().set(name, value)).toThrow(TypeError);
    expect(() => new light.Headers().set(name, value)).toThrow(TypeError);
  });
});
