import { VendingError } from '../../core/errors.ts';
import type { XmlElement } from './xml-element.ts';

/** The namespace of XML signatures. https://www.w3.org/TR/xmldsig-core1/ */
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

const ENVELOPED = `${DSIG}enveloped-signature`;
const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
/** SHA-256 and up, as far as the library goes: it would take SHA-1 as well. */
const SIGNATURES = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
];
const DIGESTS = ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'];

/**
 * Throws `assertion_invalid` unless a signature has the one form that SAML gives it (SAML 2.0 Core, 5.4): over the very element
 * that it stands in, whole, by algorithms that count. Libraries find its parts by their names alone, the first of several; here
 * each stands where it belongs, and once. What it says of its key is for nobody: keys come from metadata.
 */
export function assertSignatureForm(signature: XmlElement, signed: XmlElement): void {
  const [info] = partsOf(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo'], 2);
  const [c14n, method, reference] = partsOf(info, ['CanonicalizationMethod', 'SignatureMethod', 'Reference']);
  const [transforms, digest] = partsOf(reference, ['Transforms', 'DigestMethod', 'DigestValue']);
  const [enveloped, exclusive] = partsOf(transforms, ['Transform', 'Transform']);
  assertAlgorithm(c14n, [EXCLUSIVE_C14N]);
  assertAlgorithm(method, SIGNATURES);
  assertAlgorithm(enveloped, [ENVELOPED]);
  assertAlgorithm(exclusive, [EXCLUSIVE_C14N]);
  assertAlgorithm(digest, DIGESTS);
  const { ID: id = '' } = signed.attributes;
  if (id === '' || reference?.attributes['URI'] !== `#${id}`)
    throw invalid('a signature is of another element than the one that it stands in');
}

/** The children of an element: those named, in this order, the last of them only if there are more than `least`. */
function partsOf(
  element: XmlElement | undefined,
  names: readonly string[],
  least = names.length,
): readonly XmlElement[] {
  const { children = [] } = element ?? {};
  const isForm =
    children.length >= least &&
    children.length <= names.length &&
    children.every(({ name, namespace }, index) => namespace === DSIG && name === names[index]);
  if (!isForm) throw invalid('a signature is of another form');
  return children;
}

function assertAlgorithm(element: XmlElement | undefined, taken: readonly string[]): void {
  const { attributes: { Algorithm: algorithm = '' } = {}, children = [] } = element ?? {};
  // Prefixes that exclusive canonicalization is to keep, and nothing else, may stand in it.
  const isBare = children.every(
    ({ name, namespace, children: inner }) =>
      name === 'InclusiveNamespaces' && namespace === EXCLUSIVE_C14N && inner.length === 0,
  );
  if (!taken.includes(algorithm) || !isBare)
    throw invalid('a signature uses an algorithm that is not taken: RSA with SHA-256 or SHA-512 is');
}

function invalid(cause: string): VendingError {
  return new VendingError('assertion_invalid', { cause });
}
