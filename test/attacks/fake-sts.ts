import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../local/listen.ts';

/** The elements of the credentials in an answer to AssumeRole, each as the test writes it; undefined leaves one out. */
export interface CredentialElements {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: string | undefined;
}

/** What it answers, and with whose session: left out, that of the request. */
export interface FakeAnswer {
  readonly credentials: CredentialElements;
  readonly sessionName?: string;
}

/** An STS that answers every call with 200 and whatever it is told. */
export async function startFakeSts(answer: () => FakeAnswer) {
  const server = createServer(async (request, response) => {
    const asked = new URLSearchParams(await text(request));
    const { credentials, sessionName = asked.get('RoleSessionName') } = answer();
    const elements = Object.entries(credentials)
      .map(([name, value]) => (value === undefined ? '' : `<${name}>${value}</${name}>`))
      .join('');
    const user = `<Arn>arn:aws:sts::111122223333:assumed-role/r/${sessionName}</Arn><AssumedRoleId>AROA:s</AssumedRoleId>`;
    response.setHeader('Content-Type', 'text/xml');
    response.end(
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>' +
        `<Credentials>${elements}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>` +
        '</AssumeRoleResult></AssumeRoleResponse>',
    );
  });
  return listen(server, 0, 'a false STS');
}
