import XMLBuilder from 'fast-xml-builder';
import { type AwsError, encodedMessageMember } from '../aws-error.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const builder = new XMLBuilder({ ignoreAttributes: false });

/** An answer of S3: one element in S3's namespace. */
export function xmlResponse(element: string, content: object): Response {
  return new Response(render({ [element]: { '@_xmlns': NAMESPACE, ...content } }), {
    headers: { 'content-type': 'application/xml' },
  });
}

/** S3's error document. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses */
export function errorDocument(error: AwsError, resource: string, requestId: string): string {
  const { code, message } = error;
  return render({
    Error: {
      Code: code,
      Message: message,
      ...encodedMessageMember(error),
      Resource: resource,
      RequestId: requestId,
    },
  });
}

function render(content: object): string {
  const xml = builder.build({ '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' }, ...content });
  // Keys may hold control characters; left as they are, a parser refuses them or reads a CR as LF.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are looked for
  return xml.replace(/[\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
}
