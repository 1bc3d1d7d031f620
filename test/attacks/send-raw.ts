import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes to a server of HTTP as they are, where every client would tidy them up; and what it answers. */
export async function sendRaw(url: string, lines: readonly string[], body = ''): Promise<Response> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const head = [...lines, `Host: ${hostname}:${port}`, 'Connection: close', `Content-Length: ${body.length}`];
  socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  await once(socket, 'close');
  return parse(Buffer.concat(chunks).toString('latin1'));
}

function parse(answer: string): Response {
  const end = answer.indexOf('\r\n\r\n');
  const [first = '', ...fields] = answer.slice(0, end).split('\r\n');
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  });
  return new Response(answer.slice(end + 4), { status: Number(first.split(' ')[1]), headers });
}
