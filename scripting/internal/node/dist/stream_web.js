"use strict";for(let name of["ReadableStream","ReadableStreamDefaultReader","ReadableStreamBYOBReader","ReadableStreamBYOBRequest","ReadableByteStreamController","ReadableSt\
reamDefaultController","TransformStream","TransformStreamDefaultController","WritableStream","WritableStreamDefaultController","WritableStreamDefaultWriter","By\
teLengthQueuingStrategy","CountQueuingStrategy","TextEncoderStream","TextDecoderStream"])name in globalThis&&Object.defineProperty(exports,name,{get:()=>globalThis[name],
enumerable:!0,configurable:!0});
