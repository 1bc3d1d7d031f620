/** The part of `saml` that signs, which has no types: it takes an assertion as text, and puts its signature behind the issuer. */
declare module 'saml/lib/xml/sign.js' {
  export function fromSignXmlOptions(options: {
    readonly key: string;
    readonly cert: string;
    readonly xpathToNodeBeforeSignature: string;
    readonly signatureIdAttribute: 'ID';
    readonly signatureAlgorithm: 'rsa-sha256' | 'rsa-sha1';
    readonly digestAlgorithm: 'sha256' | 'sha1';
  }): (document: string) => string;
}
