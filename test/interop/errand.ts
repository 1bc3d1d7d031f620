/** What a tenant's app does with objects, in words that a client in any language can follow. */
export type ObjectOperation =
  | { readonly operation: 'putObject'; readonly key: string; readonly text: string }
  /** Worth the text. */
  | { readonly operation: 'getObject'; readonly key: string }
  /** Through the client's managed transfer, from a file. */
  | { readonly operation: 'uploadFile'; readonly key: string; readonly text: string }
  /** Through the client's managed transfer, from a stream that can be read once and whose length is not known. */
  | { readonly operation: 'uploadStream'; readonly key: string; readonly text: string }
  /** Through the client's managed transfer, to a file; worth the text. */
  | { readonly operation: 'downloadFile'; readonly key: string }
  /** Worth the keys, in order. */
  | { readonly operation: 'listObjects'; readonly prefix: string }
  /** Lists what has the prefix and gets each object, in one process; worth how many there were. */
  | { readonly operation: 'getEach'; readonly prefix: string };

/** And with items. */
export type ItemOperation =
  | { readonly operation: 'putItem'; readonly pk: string; readonly sk: string; readonly text: string }
  /** Worth the text. */
  | { readonly operation: 'getItem'; readonly pk: string; readonly sk: string }
  /** Worth the sort keys, in order. */
  | { readonly operation: 'query'; readonly pk: string }
  /** The same. */
  | { readonly operation: 'scan' };

/** Time goes by. For clients that refresh within seconds of the end. */
export interface Wait {
  readonly operation: 'wait';
  readonly seconds: number;
}

/** A write is worth null, and so is a wait. */
export type Operation = ObjectOperation | ItemOperation | Wait;

/** What a client is sent to do. A client that is a program of ours reads it from stdin as JSON. */
export interface Errand {
  readonly bucket: string;
  readonly table: string;
  /** `named`: the app names the SDK's provider for this protocol, instead of leaving it to the default chain to find it. */
  readonly provider: 'default' | 'named';
  readonly operations: readonly Operation[];
}

/** What became of one operation: what it was worth, or what a developer reads who logs the error, with AWS's code in it. */
export type Outcome = { readonly value: unknown } | { readonly error: string };
