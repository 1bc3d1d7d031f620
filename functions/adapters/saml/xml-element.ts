import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element with its namespace resolved, so that no prefix can pass one element off as another. */
export interface XmlElement {
  readonly namespace: string;
  /** Without its prefix. */
  readonly name: string;
  /** By their names as they are written. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All text directly in it, put together. */
  readonly text: string;
}

/** As the parser gives it: text, or one member under the tag's name beside the attributes. */
type Node = Readonly<Record<string, unknown>>;
/** The namespaces that prefixes stand for: those declared here, then those around. Not copied: a document could have thousands of both. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
}

/**
 * More than stands in real responses and metadata: of end tags and start tags, 100 and 250 or so. What checks signatures takes time
 * that grows with the square of either, and everybody can write a response.
 */
const TAGS_MAX = 400;
const ATTRIBUTES_MAX = 32;

const ATTRIBUTES = ':@';
const TEXT = '#text';
/** Only of what it is taken for: XML 1.0 in UTF-8. */
const DECLARATION =
  /^<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')(?:\s+encoding\s*=\s*(?:"utf-8"|'utf-8'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/i;
/** https://www.w3.org/TR/xml/#charsets */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const OUTERMOST: Scope = {
  declared: new Map([
    ['xml', 'http://www.w3.org/XML/1998/namespace'],
    ['', ''],
  ]),
  outer: undefined,
};

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // It leaves what it does not know as it is; `decode` refuses it.
  processEntities: false,
});

/**
 * Reads a whole document. Throws `SyntaxError`, which repeats nothing of it, for what is not well-formed, for a document type
 * (which may declare entities), a comment, a CDATA section and a processing instruction: of a text with one inside, readers
 * disagree (CVE-2017-11427 and its kin), and real assertions have none. Throws it for more tags and attributes than any of them has, too.
 */
export function parseXml(text: string): XmlElement {
  const written = text.replace(DECLARATION, '');
  const body = written.trim();
  if (/<[!?]/.test(body)) throw new SyntaxError('got markup that is no element, expected elements and text');
  if (body.split('<').length - 1 > TAGS_MAX) throw new SyntaxError(`expected at most ${TAGS_MAX} tags`);
  if (NO_CHARACTER.test(body)) throw new SyntaxError('got what is no character in XML');
  const [root, ...others] = elementsIn(parseNodes(body), OUTERMOST);
  // The parser passes over text behind it, and JavaScript takes a byte order mark for white space.
  const isAlone = body.endsWith('>') && /^[\t\n\r ]*</.test(written);
  if (root === undefined || others.length > 0 || !isAlone)
    throw new SyntaxError('expected one root element and nothing else');
  return root;
}

/** The children with a name, of the element's own namespace unless another is given. */
export function childrenOf(
  element: XmlElement,
  name: string,
  namespace = element.namespace,
): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

/** The one child with a name and of the element's own namespace; undefined unless there is exactly one. */
export function onlyChildOf(element: XmlElement, name: string): XmlElement | undefined {
  const [child, ...others] = childrenOf(element, name);
  return others.length === 0 ? child : undefined;
}

/** The element and all below it. */
export function everyElementOf(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(everyElementOf)];
}

function parseNodes(body: string): readonly Node[] {
  try {
    if (XMLValidator.validate(body) === true) return parser.parse(body);
  } catch {
    // Nested too deep, or a name that means something to JavaScript.
  }
  throw new SyntaxError('not well-formed XML');
}

function elementsIn(nodes: readonly Node[], scope: Scope): readonly XmlElement[] {
  return nodes.flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT);
    return tag === undefined ? [] : [toElement(tag, node, scope)];
  });
}

function toElement(tag: string, node: Node, outer: Scope): XmlElement {
  const written = Object.entries(Object(node[ATTRIBUTES]));
  if (written.length > ATTRIBUTES_MAX)
    throw new SyntaxError(`expected at most ${ATTRIBUTES_MAX} attributes of an element`);
  const attributes = Object.fromEntries(written.map(([key, value]) => [key, decode(String(value))]));
  const scope = { declared: new Map(declarationsIn(attributes)), outer };
  const colon = tag.indexOf(':');
  const content = node[tag] as readonly Node[];
  return {
    namespace: namespaceOf(tag.slice(0, Math.max(0, colon)), scope),
    name: tag.slice(colon + 1),
    attributes,
    children: elementsIn(content, scope),
    text: decode(content.map((each) => (TEXT in each ? String(each[TEXT]) : '')).join('')),
  };
}

function namespaceOf(prefix: string, { declared, outer }: Scope): string {
  const namespace = declared.get(prefix);
  if (namespace !== undefined) return namespace;
  if (outer === undefined) throw new SyntaxError('got a prefix without a namespace');
  return namespaceOf(prefix, outer);
}

function declarationsIn(attributes: Readonly<Record<string, string>>): readonly [string, string][] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    if (key === 'xmlns') return [['', value]];
    return key.startsWith('xmlns:') ? [[key.slice('xmlns:'.length), value]] : [];
  });
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The five entities of XML itself, and characters by number (https://www.w3.org/TR/xml/#sec-references). */
function decode(text: string): string {
  return text.replace(
    /&(?:#x([\da-fA-F]{1,6});|#(\d{1,7});|([a-z]+);)?/g,
    (_reference, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      const character = name === undefined ? characterOf(code) : ENTITIES.get(name);
      if (character === undefined) throw new SyntaxError('got a reference to what nobody declared');
      return character;
    },
  );
}

function characterOf(code: number): string | undefined {
  const character = code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  return character === undefined || NO_CHARACTER.test(character) ? undefined : character;
}
