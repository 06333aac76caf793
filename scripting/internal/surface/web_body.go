package surface

const surfaceWebBody = `
/** Bytes and their type. They never change. */
declare class Blob {
  constructor(parts?: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>, options?: { type?: string; endings?: "transparent" | "native" });
  /** How many bytes there are. */
  readonly size: number;
  /** Such as "text/csv", or "". */
  readonly type: string;
  /** Returns some of the bytes. */
  slice(start?: number, end?: number, type?: string): Blob;
  /** Returns the bytes as text in UTF-8. */
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array>;
  /** Returns the bytes as a stream. */
  stream(): ReadableStream<Uint8Array>;
}
/** A Blob with a name, as a form sends it. */
declare class File extends Blob {
  constructor(parts: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>, name: string, options?: { type?: string; endings?: "transparent" | "native"; lastModified?: number });
  readonly name: string;
  /** In milliseconds since 1970. */
  readonly lastModified: number;
  /** Always "". */
  readonly webkitRelativePath: string;
}
type FormDataValue = string | File;
/** The values of a form. As the body of a request it is sent as multipart/form-data. */
declare class FormData {
  constructor();
  /** Adds a value. */
  append(name: string, value: any, filename?: string): void;
  /** Removes a value. */
  delete(name: string): void;
  /** Returns the first value of a name, or null. */
  get(name: string): FormDataValue | null;
  /** Returns the values of a name. */
  getAll(name: string): FormDataValue[];
  /** Tells whether there is a value. */
  has(name: string): boolean;
  /** Replaces the values of a name by one. */
  set(name: string, value: any, filename?: string): void;
  /** Calls back for each value. */
  forEach(callback: (value: FormDataValue, name: string, form: FormData) => void, thisArg?: any): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<FormDataValue>;
  entries(): IterableIterator<[string, FormDataValue]>;
  [Symbol.iterator](): IterableIterator<[string, FormDataValue]>;
}
`
