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

interface QueuingStrategy<T = any> {
  /** How much may wait. Default 1. */
  highWaterMark?: number;
  /** How much a chunk counts. Default 1. */
  size?: (chunk: T) => number;
}
interface UnderlyingSource<T = any> {
  /** Called at once. */
  start?: (controller: ReadableStreamDefaultController<T>) => any;
  /** Called when there is room for more. */
  pull?: (controller: ReadableStreamDefaultController<T>) => any;
  /** Called when nobody wants more. */
  cancel?: (reason?: any) => any;
}
/** Chunks that come one after the other. "for await (const chunk of stream)" reads them. */
declare class ReadableStream<T = any> {
  constructor(source?: UnderlyingSource<T>, strategy?: QueuingStrategy<T>);
  /** Returns a stream of what an iterable gives. */
  static from<T>(iterable: Iterable<T> | AsyncIterable<T>): ReadableStream<T>;
  /** Whether it has a reader. */
  readonly locked: boolean;
  /** Ends it: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Returns a reader, which alone can read from then on. */
  getReader(): ReadableStreamDefaultReader<T>;
  /** Returns two streams of the same chunks. */
  tee(): [ReadableStream<T>, ReadableStream<T>];
  /** Returns an iterator over the chunks. */
  values(options?: { preventCancel?: boolean }): AsyncIterableIterator<T>;
  [Symbol.asyncIterator](options?: { preventCancel?: boolean }): AsyncIterableIterator<T>;
}
/** Reads a stream chunk by chunk. */
declare class ReadableStreamDefaultReader<T = any> {
  constructor(stream: ReadableStream<T>);
  /** Settled when the stream has ended. */
  readonly closed: Promise<undefined>;
  /** Returns the next chunk; done is true after the last. */
  read(): Promise<{ value: T; done: false } | { value: undefined; done: true }>;
  /** Ends the stream: nobody wants more. */
  cancel(reason?: any): Promise<void>;
  /** Lets others read. */
  releaseLock(): void;
}
/** Feeds a stream. */
declare class ReadableStreamDefaultController<T = any> {
  private constructor();
  /** How much there is room for; null when the stream has failed. */
  readonly desiredSize: number | null;
  /** Adds a chunk. */
  enqueue(chunk?: T): void;
  /** Ends the stream after what was added. */
  close(): void;
  /** Makes the stream fail. */
  error(reason?: any): void;
}
/** Counts chunks. */
declare class CountQueuingStrategy {
  constructor(init: { highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: () => 1;
}
/** Counts bytes. */
declare class ByteLengthQueuingStrategy {
  constructor(init: { highWaterMark: number });
  readonly highWaterMark: number;
  readonly size: (chunk: ArrayBufferView) => number;
}
`
