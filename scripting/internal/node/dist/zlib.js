"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __esm=(fn,res,err)=>function(){if(err)throw err[0];try{return fn&&(res=(0,fn[__getOwnPropNames(fn)[0]])(fn=0)),res}catch(e){throw err=[e],e}};var __commonJS=(cb,mod)=>function(){try{return mod||(0,cb[__getOwnPropNames(cb)[0]])((mod={exports:{}}).exports,mod),mod.exports}catch(e){throw mod=0,e}};var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);function createNotImplementedError(name){return new Error(`[unenv] ${name} is not implemented yet!`)}function notImplemented(name){return Object.assign(()=>{throw createNotImplementedError(
name)},{__unenv__:!0})}var init_utils=__esm({"../node_modules/unenv/dist/runtime/_internal/utils.mjs"(){}});var codes,init_codes=__esm({"../node_modules/unenv/dist/runtime/node/internal/zlib/codes.mjs"(){codes={0:"Z_OK",1:"Z_STREAM_END",2:"Z_NEED_DICT",Z_OK:0,Z_STREAM_END:1,
Z_NEED_DICT:2,Z_ERRNO:-1,Z_STREAM_ERROR:-2,Z_DATA_ERROR:-3,Z_MEM_ERROR:-4,Z_BUF_ERROR:-5,Z_VERSION_ERROR:-6,"-1":"Z_ERRNO","-2":"Z_STREAM_ERROR","-3":"Z_DATA_ER\
ROR","-4":"Z_MEM_ERROR","-5":"Z_BUF_ERROR","-6":"Z_VERSION_ERROR"}}});function notImplementedCompress(format){let fn=function(_buf,arg2,arg3){let cb=typeof arg2=="function"?arg2:arg3,err=new Error(`[unenv] zlib ${format} compressi\
on not supported.`);if(typeof cb=="function")cb(err,Buffer.from(""));else throw err};return Object.assign(fn,{__promisify__:(buffer,options)=>new Promise((resolve,reject)=>{
fn(buffer,options,(err,result)=>err?reject(err):resolve(result))})})}var import_node_stream,ZlibCompress,ZLibDecompress,init_shared=__esm({"../node_modules/unen\
v/dist/runtime/node/internal/zlib/formats/_shared.mjs"(){import_node_stream=require("stream");init_utils();ZlibCompress=class extends import_node_stream.Transform{__unenv__=!0;bytesRead=0;bytesWritten=0;constructor(opts){
throw super(opts),createNotImplementedError("zlib is not implemented yet!")}close(callback){typeof callback=="function"&&callback()}flush(kind,callback){typeof callback==
"function"&&callback()}},ZLibDecompress=class extends ZlibCompress{}}});var BrotliCompress,brotliCompress,createBrotliCompress,brotliCompressSync,BrotliDecompress,brotliDecompress,createBrotliDecompress,brotliDecompressSync,init_brotli=__esm(
{"../node_modules/unenv/dist/runtime/node/internal/zlib/formats/brotli.mjs"(){init_utils();init_shared();BrotliCompress=class extends ZlibCompress{_format="brot\
li"},brotliCompress=notImplementedCompress("brotliCompress"),createBrotliCompress=()=>new BrotliCompress,brotliCompressSync=notImplemented("zlib.brotliCompressS\
ync"),BrotliDecompress=class extends ZLibDecompress{_format="brotli"},brotliDecompress=notImplementedCompress("brotliDecompress"),createBrotliDecompress=()=>new BrotliDecompress,
brotliDecompressSync=notImplemented("zlib.brotliDecompressSync")}});var Deflate,deflate,createDeflate,deflateSync,Inflate,inflate,createInflate,inflateSync,DeflateRaw,deflateRaw,createDeflateRaw,deflateRawSync,InflateRaw,inflateRaw,
createInflateRaw,inflateRawSync,init_deflate=__esm({"../node_modules/unenv/dist/runtime/node/internal/zlib/formats/deflate.mjs"(){init_utils();init_utils();init_shared();
Deflate=class extends ZlibCompress{_format="deflate";params(level,strategy,callback){throw createNotImplementedError("Deflate.params")}reset(){throw createNotImplementedError(
"Deflate.reset")}},deflate=notImplementedCompress("deflate"),createDeflate=()=>new Deflate,deflateSync=notImplemented("zlib.deflateSync"),Inflate=class extends ZLibDecompress{_format="\
deflate";reset(){throw createNotImplementedError("Inflate.reset")}},inflate=notImplementedCompress("inflate"),createInflate=()=>new Inflate,inflateSync=notImplemented(
"zlib.inflateSync"),DeflateRaw=class extends Deflate{},deflateRaw=notImplementedCompress("deflateRaw"),createDeflateRaw=()=>new DeflateRaw,deflateRawSync=notImplemented(
"zlib.deflateRawSync"),InflateRaw=class extends Inflate{},inflateRaw=notImplementedCompress("inflateRaw"),createInflateRaw=()=>new InflateRaw,inflateRawSync=notImplemented(
"zlib.inflateRawSync")}});var Gzip,gzip,createGzip,gzipSync,Gunzip,gunzip,createGunzip,gunzipSync,init_gzip=__esm({"../node_modules/unenv/dist/runtime/node/internal/zlib/formats/gzip.mjs"(){
init_utils();init_shared();Gzip=class extends ZlibCompress{_format="gzip"},gzip=notImplementedCompress("gzip"),createGzip=()=>new Gzip,gzipSync=notImplemented("\
zlib.gzipSync"),Gunzip=class extends ZLibDecompress{_format="gzip"},gunzip=notImplementedCompress("gunzip"),createGunzip=()=>new Gunzip,gunzipSync=notImplemented(
"zlib.gunzipSync")}});var Unzip,createUnzip,unzip,unzipSync,init_zip=__esm({"../node_modules/unenv/dist/runtime/node/internal/zlib/formats/zip.mjs"(){init_utils();init_shared();Unzip=
class extends ZlibCompress{_format="zip"},createUnzip=()=>new Unzip,unzip=notImplemented("zlib.unzip"),unzipSync=notImplemented("zlib.unzipSync")}});var Z_NO_FLUSH,Z_PARTIAL_FLUSH,Z_SYNC_FLUSH,Z_FULL_FLUSH,Z_FINISH,Z_BLOCK,Z_OK,Z_STREAM_END,Z_NEED_DICT,Z_ERRNO,Z_STREAM_ERROR,Z_DATA_ERROR,Z_MEM_ERROR,Z_BUF_ERROR,
Z_VERSION_ERROR,Z_NO_COMPRESSION,Z_BEST_SPEED,Z_BEST_COMPRESSION,Z_DEFAULT_COMPRESSION,Z_FILTERED,Z_HUFFMAN_ONLY,Z_RLE,Z_FIXED,Z_DEFAULT_STRATEGY,ZLIB_VERNUM,DEFLATE,
INFLATE,GZIP,GUNZIP,DEFLATERAW,INFLATERAW,UNZIP,Z_MIN_WINDOWBITS,Z_MAX_WINDOWBITS,Z_DEFAULT_WINDOWBITS,Z_MIN_CHUNK,Z_MAX_CHUNK,Z_DEFAULT_CHUNK,Z_MIN_MEMLEVEL,Z_MAX_MEMLEVEL,
Z_DEFAULT_MEMLEVEL,Z_MIN_LEVEL,Z_MAX_LEVEL,Z_DEFAULT_LEVEL,BROTLI_OPERATION_PROCESS,BROTLI_OPERATION_FLUSH,BROTLI_OPERATION_FINISH,BROTLI_OPERATION_EMIT_METADATA,
BROTLI_PARAM_MODE,BROTLI_MODE_GENERIC,BROTLI_MODE_TEXT,BROTLI_MODE_FONT,BROTLI_DEFAULT_MODE,BROTLI_PARAM_QUALITY,BROTLI_MIN_QUALITY,BROTLI_MAX_QUALITY,BROTLI_DEFAULT_QUALITY,
BROTLI_PARAM_LGWIN,BROTLI_MIN_WINDOW_BITS,BROTLI_MAX_WINDOW_BITS,BROTLI_LARGE_MAX_WINDOW_BITS,BROTLI_DEFAULT_WINDOW,BROTLI_PARAM_LGBLOCK,BROTLI_MIN_INPUT_BLOCK_BITS,
BROTLI_MAX_INPUT_BLOCK_BITS,BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING,BROTLI_PARAM_SIZE_HINT,BROTLI_PARAM_LARGE_WINDOW,BROTLI_PARAM_NPOSTFIX,BROTLI_PARAM_NDIRECT,
BROTLI_DECODER_RESULT_ERROR,BROTLI_DECODER_RESULT_SUCCESS,BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT,BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT,BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION,
BROTLI_DECODER_PARAM_LARGE_WINDOW,BROTLI_DECODER_NO_ERROR,BROTLI_DECODER_SUCCESS,BROTLI_DECODER_NEEDS_MORE_INPUT,BROTLI_DECODER_NEEDS_MORE_OUTPUT,BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE,
BROTLI_DECODER_ERROR_FORMAT_RESERVED,BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE,BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET,BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME,
BROTLI_DECODER_ERROR_FORMAT_CL_SPACE,BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE,BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT,BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1,
BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2,BROTLI_DECODER_ERROR_FORMAT_TRANSFORM,BROTLI_DECODER_ERROR_FORMAT_DICTIONARY,BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS,
BROTLI_DECODER_ERROR_FORMAT_PADDING_1,BROTLI_DECODER_ERROR_FORMAT_PADDING_2,BROTLI_DECODER_ERROR_FORMAT_DISTANCE,BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET,BROTLI_DECODER_ERROR_INVALID_ARGUMENTS,
BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES,BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS,BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP,BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1,
BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2,BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES,BROTLI_DECODER_ERROR_UNREACHABLE,init_constants=__esm({"../node_modules/une\
nv/dist/runtime/node/internal/zlib/constants.mjs"(){Z_NO_FLUSH=0,Z_PARTIAL_FLUSH=1,Z_SYNC_FLUSH=2,Z_FULL_FLUSH=3,Z_FINISH=4,Z_BLOCK=5,Z_OK=0,Z_STREAM_END=1,Z_NEED_DICT=
2,Z_ERRNO=-1,Z_STREAM_ERROR=-2,Z_DATA_ERROR=-3,Z_MEM_ERROR=-4,Z_BUF_ERROR=-5,Z_VERSION_ERROR=-6,Z_NO_COMPRESSION=0,Z_BEST_SPEED=1,Z_BEST_COMPRESSION=9,Z_DEFAULT_COMPRESSION=
-1,Z_FILTERED=1,Z_HUFFMAN_ONLY=2,Z_RLE=3,Z_FIXED=4,Z_DEFAULT_STRATEGY=0,ZLIB_VERNUM=4865,DEFLATE=1,INFLATE=2,GZIP=3,GUNZIP=4,DEFLATERAW=5,INFLATERAW=6,UNZIP=7,Z_MIN_WINDOWBITS=
8,Z_MAX_WINDOWBITS=15,Z_DEFAULT_WINDOWBITS=15,Z_MIN_CHUNK=64,Z_MAX_CHUNK=Number.POSITIVE_INFINITY,Z_DEFAULT_CHUNK=16384,Z_MIN_MEMLEVEL=1,Z_MAX_MEMLEVEL=9,Z_DEFAULT_MEMLEVEL=
8,Z_MIN_LEVEL=-1,Z_MAX_LEVEL=9,Z_DEFAULT_LEVEL=-1,BROTLI_OPERATION_PROCESS=0,BROTLI_OPERATION_FLUSH=1,BROTLI_OPERATION_FINISH=2,BROTLI_OPERATION_EMIT_METADATA=3,
BROTLI_PARAM_MODE=0,BROTLI_MODE_GENERIC=0,BROTLI_MODE_TEXT=1,BROTLI_MODE_FONT=2,BROTLI_DEFAULT_MODE=0,BROTLI_PARAM_QUALITY=1,BROTLI_MIN_QUALITY=0,BROTLI_MAX_QUALITY=
11,BROTLI_DEFAULT_QUALITY=11,BROTLI_PARAM_LGWIN=2,BROTLI_MIN_WINDOW_BITS=10,BROTLI_MAX_WINDOW_BITS=24,BROTLI_LARGE_MAX_WINDOW_BITS=30,BROTLI_DEFAULT_WINDOW=22,BROTLI_PARAM_LGBLOCK=
3,BROTLI_MIN_INPUT_BLOCK_BITS=16,BROTLI_MAX_INPUT_BLOCK_BITS=24,BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING=4,BROTLI_PARAM_SIZE_HINT=5,BROTLI_PARAM_LARGE_WINDOW=
6,BROTLI_PARAM_NPOSTFIX=7,BROTLI_PARAM_NDIRECT=8,BROTLI_DECODER_RESULT_ERROR=0,BROTLI_DECODER_RESULT_SUCCESS=1,BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT=2,BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT=
3,BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION=0,BROTLI_DECODER_PARAM_LARGE_WINDOW=1,BROTLI_DECODER_NO_ERROR=0,BROTLI_DECODER_SUCCESS=1,BROTLI_DECODER_NEEDS_MORE_INPUT=
2,BROTLI_DECODER_NEEDS_MORE_OUTPUT=3,BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE=-1,BROTLI_DECODER_ERROR_FORMAT_RESERVED=-2,BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE=
-3,BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET=-4,BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME=-5,BROTLI_DECODER_ERROR_FORMAT_CL_SPACE=-6,BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE=
-7,BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT=-8,BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1=-9,BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2=-10,BROTLI_DECODER_ERROR_FORMAT_TRANSFORM=
-11,BROTLI_DECODER_ERROR_FORMAT_DICTIONARY=-12,BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS=-13,BROTLI_DECODER_ERROR_FORMAT_PADDING_1=-14,BROTLI_DECODER_ERROR_FORMAT_PADDING_2=
-15,BROTLI_DECODER_ERROR_FORMAT_DISTANCE=-16,BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET=-19,BROTLI_DECODER_ERROR_INVALID_ARGUMENTS=-20,BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES=
-21,BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS=-22,BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP=-25,BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1=-26,BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2=
-27,BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES=-30,BROTLI_DECODER_ERROR_UNREACHABLE=-31}});var zlib_exports={};__export(zlib_exports,{BrotliCompress:()=>BrotliCompress,BrotliDecompress:()=>BrotliDecompress,DEFLATE:()=>DEFLATE,DEFLATERAW:()=>DEFLATERAW,
Deflate:()=>Deflate,DeflateRaw:()=>DeflateRaw,GUNZIP:()=>GUNZIP,GZIP:()=>GZIP,Gunzip:()=>Gunzip,Gzip:()=>Gzip,INFLATE:()=>INFLATE,INFLATERAW:()=>INFLATERAW,Inflate:()=>Inflate,
InflateRaw:()=>InflateRaw,UNZIP:()=>UNZIP,Unzip:()=>Unzip,ZLIB_VERNUM:()=>ZLIB_VERNUM,Z_BEST_COMPRESSION:()=>Z_BEST_COMPRESSION,Z_BEST_SPEED:()=>Z_BEST_SPEED,Z_BLOCK:()=>Z_BLOCK,
Z_BUF_ERROR:()=>Z_BUF_ERROR,Z_DATA_ERROR:()=>Z_DATA_ERROR,Z_DEFAULT_CHUNK:()=>Z_DEFAULT_CHUNK,Z_DEFAULT_COMPRESSION:()=>Z_DEFAULT_COMPRESSION,Z_DEFAULT_LEVEL:()=>Z_DEFAULT_LEVEL,
Z_DEFAULT_MEMLEVEL:()=>Z_DEFAULT_MEMLEVEL,Z_DEFAULT_STRATEGY:()=>Z_DEFAULT_STRATEGY,Z_DEFAULT_WINDOWBITS:()=>Z_DEFAULT_WINDOWBITS,Z_ERRNO:()=>Z_ERRNO,Z_FILTERED:()=>Z_FILTERED,
Z_FINISH:()=>Z_FINISH,Z_FIXED:()=>Z_FIXED,Z_FULL_FLUSH:()=>Z_FULL_FLUSH,Z_HUFFMAN_ONLY:()=>Z_HUFFMAN_ONLY,Z_MAX_CHUNK:()=>Z_MAX_CHUNK,Z_MAX_LEVEL:()=>Z_MAX_LEVEL,
Z_MAX_MEMLEVEL:()=>Z_MAX_MEMLEVEL,Z_MAX_WINDOWBITS:()=>Z_MAX_WINDOWBITS,Z_MEM_ERROR:()=>Z_MEM_ERROR,Z_MIN_CHUNK:()=>Z_MIN_CHUNK,Z_MIN_LEVEL:()=>Z_MIN_LEVEL,Z_MIN_MEMLEVEL:()=>Z_MIN_MEMLEVEL,
Z_MIN_WINDOWBITS:()=>Z_MIN_WINDOWBITS,Z_NEED_DICT:()=>Z_NEED_DICT,Z_NO_COMPRESSION:()=>Z_NO_COMPRESSION,Z_NO_FLUSH:()=>Z_NO_FLUSH,Z_OK:()=>Z_OK,Z_PARTIAL_FLUSH:()=>Z_PARTIAL_FLUSH,
Z_RLE:()=>Z_RLE,Z_STREAM_END:()=>Z_STREAM_END,Z_STREAM_ERROR:()=>Z_STREAM_ERROR,Z_SYNC_FLUSH:()=>Z_SYNC_FLUSH,Z_VERSION_ERROR:()=>Z_VERSION_ERROR,brotliCompress:()=>brotliCompress,
brotliCompressSync:()=>brotliCompressSync,brotliDecompress:()=>brotliDecompress,brotliDecompressSync:()=>brotliDecompressSync,codes:()=>codes,constants:()=>constants,
crc32:()=>crc32,createBrotliCompress:()=>createBrotliCompress,createBrotliDecompress:()=>createBrotliDecompress,createDeflate:()=>createDeflate,createDeflateRaw:()=>createDeflateRaw,
createGunzip:()=>createGunzip,createGzip:()=>createGzip,createInflate:()=>createInflate,createInflateRaw:()=>createInflateRaw,createUnzip:()=>createUnzip,default:()=>zlib_default,
deflate:()=>deflate,deflateRaw:()=>deflateRaw,deflateRawSync:()=>deflateRawSync,deflateSync:()=>deflateSync,gunzip:()=>gunzip,gunzipSync:()=>gunzipSync,gzip:()=>gzip,
gzipSync:()=>gzipSync,inflate:()=>inflate,inflateRaw:()=>inflateRaw,inflateRawSync:()=>inflateRawSync,inflateSync:()=>inflateSync,unzip:()=>unzip,unzipSync:()=>unzipSync});
var constants,crc32,zlib_default,init_zlib=__esm({"../node_modules/unenv/dist/runtime/node/zlib.mjs"(){init_utils();init_codes();init_brotli();init_deflate();init_gzip();
init_zip();init_constants();init_codes();init_brotli();init_deflate();init_gzip();init_zip();constants={Z_NO_FLUSH:0,Z_PARTIAL_FLUSH:1,Z_SYNC_FLUSH:2,Z_FULL_FLUSH:3,
Z_FINISH:4,Z_BLOCK:5,Z_OK:0,Z_STREAM_END:1,Z_NEED_DICT:2,Z_ERRNO:-1,Z_STREAM_ERROR:-2,Z_DATA_ERROR:-3,Z_MEM_ERROR:-4,Z_BUF_ERROR:-5,Z_VERSION_ERROR:-6,Z_NO_COMPRESSION:0,
Z_BEST_SPEED:1,Z_BEST_COMPRESSION:9,Z_DEFAULT_COMPRESSION:-1,Z_FILTERED:1,Z_HUFFMAN_ONLY:2,Z_RLE:3,Z_FIXED:4,Z_DEFAULT_STRATEGY:0,ZLIB_VERNUM:4865,DEFLATE:1,INFLATE:2,
GZIP:3,GUNZIP:4,DEFLATERAW:5,INFLATERAW:6,UNZIP:7,BROTLI_DECODE:8,BROTLI_ENCODE:9,Z_MIN_WINDOWBITS:8,Z_MAX_WINDOWBITS:15,Z_DEFAULT_WINDOWBITS:15,Z_MIN_CHUNK:64,
Z_MAX_CHUNK,Z_DEFAULT_CHUNK,Z_MIN_MEMLEVEL,Z_MAX_MEMLEVEL,Z_DEFAULT_MEMLEVEL,Z_MIN_LEVEL,Z_MAX_LEVEL,Z_DEFAULT_LEVEL,BROTLI_OPERATION_PROCESS,BROTLI_OPERATION_FLUSH,
BROTLI_OPERATION_FINISH,BROTLI_OPERATION_EMIT_METADATA,BROTLI_PARAM_MODE,BROTLI_MODE_GENERIC,BROTLI_MODE_TEXT,BROTLI_MODE_FONT,BROTLI_DEFAULT_MODE,BROTLI_PARAM_QUALITY,
BROTLI_MIN_QUALITY,BROTLI_MAX_QUALITY,BROTLI_DEFAULT_QUALITY,BROTLI_PARAM_LGWIN,BROTLI_MIN_WINDOW_BITS,BROTLI_MAX_WINDOW_BITS,BROTLI_LARGE_MAX_WINDOW_BITS,BROTLI_DEFAULT_WINDOW,
BROTLI_PARAM_LGBLOCK,BROTLI_MIN_INPUT_BLOCK_BITS,BROTLI_MAX_INPUT_BLOCK_BITS,BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING,BROTLI_PARAM_SIZE_HINT,BROTLI_PARAM_LARGE_WINDOW,
BROTLI_PARAM_NPOSTFIX,BROTLI_PARAM_NDIRECT,BROTLI_DECODER_RESULT_ERROR,BROTLI_DECODER_RESULT_SUCCESS,BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT,BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT,
BROTLI_DECODER_PARAM_DISABLE_RING_BUFFER_REALLOCATION,BROTLI_DECODER_PARAM_LARGE_WINDOW,BROTLI_DECODER_NO_ERROR,BROTLI_DECODER_SUCCESS,BROTLI_DECODER_NEEDS_MORE_INPUT,
BROTLI_DECODER_NEEDS_MORE_OUTPUT,BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_NIBBLE,BROTLI_DECODER_ERROR_FORMAT_RESERVED,BROTLI_DECODER_ERROR_FORMAT_EXUBERANT_META_NIBBLE,
BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET,BROTLI_DECODER_ERROR_FORMAT_SIMPLE_HUFFMAN_SAME,BROTLI_DECODER_ERROR_FORMAT_CL_SPACE,BROTLI_DECODER_ERROR_FORMAT_HUFFMAN_SPACE,
BROTLI_DECODER_ERROR_FORMAT_CONTEXT_MAP_REPEAT,BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_1,BROTLI_DECODER_ERROR_FORMAT_BLOCK_LENGTH_2,BROTLI_DECODER_ERROR_FORMAT_TRANSFORM,
BROTLI_DECODER_ERROR_FORMAT_DICTIONARY,BROTLI_DECODER_ERROR_FORMAT_WINDOW_BITS,BROTLI_DECODER_ERROR_FORMAT_PADDING_1,BROTLI_DECODER_ERROR_FORMAT_PADDING_2,BROTLI_DECODER_ERROR_FORMAT_DISTANCE,
BROTLI_DECODER_ERROR_DICTIONARY_NOT_SET,BROTLI_DECODER_ERROR_INVALID_ARGUMENTS,BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES,BROTLI_DECODER_ERROR_ALLOC_TREE_GROUPS,BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MAP,
BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_1,BROTLI_DECODER_ERROR_ALLOC_RING_BUFFER_2,BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES,BROTLI_DECODER_ERROR_UNREACHABLE},
crc32=notImplemented("zlib.crc32"),zlib_default={Z_NO_FLUSH:0,Z_PARTIAL_FLUSH:1,Z_SYNC_FLUSH:2,Z_FULL_FLUSH:3,Z_FINISH:4,Z_BLOCK:5,Z_OK:0,Z_STREAM_END:1,Z_NEED_DICT:2,
Z_ERRNO:-1,Z_STREAM_ERROR:-2,Z_DATA_ERROR:-3,Z_MEM_ERROR:-4,Z_BUF_ERROR:-5,Z_VERSION_ERROR:-6,Z_NO_COMPRESSION:0,Z_BEST_SPEED:1,Z_BEST_COMPRESSION:9,Z_DEFAULT_COMPRESSION:-1,
Z_FILTERED:1,Z_HUFFMAN_ONLY:2,Z_RLE:3,Z_FIXED:4,Z_DEFAULT_STRATEGY:0,ZLIB_VERNUM:4865,DEFLATE:1,INFLATE:2,GZIP:3,GUNZIP:4,DEFLATERAW:5,INFLATERAW:6,UNZIP:7,Z_MIN_WINDOWBITS:8,
Z_MAX_WINDOWBITS:15,Z_DEFAULT_WINDOWBITS:15,Z_MIN_CHUNK:64,Z_MAX_CHUNK,Z_DEFAULT_CHUNK,Z_MIN_MEMLEVEL,Z_MAX_MEMLEVEL,Z_DEFAULT_MEMLEVEL,Z_MIN_LEVEL,Z_MAX_LEVEL,
Z_DEFAULT_LEVEL,constants,BrotliCompress,BrotliDecompress,brotliCompress,brotliCompressSync,brotliDecompress,brotliDecompressSync,createBrotliCompress,createBrotliDecompress,
Deflate,DeflateRaw,Inflate,InflateRaw,createDeflate,createDeflateRaw,createInflate,createInflateRaw,deflate,deflateRaw,deflateRawSync,deflateSync,inflate,inflateRaw,
inflateRawSync,inflateSync,Gunzip,Gzip,createGunzip,createGzip,gunzip,gunzipSync,gzip,gzipSync,Unzip,createUnzip,unzip,unzipSync,codes,crc32}}});var require_refuse=__commonJS({"src/refuse.js"(exports2,module2){"use strict";module2.exports=function(module3,advice2,shape2,kept={}){let out2={};for(let name of Object.
keys(shape2)){if(name==="default"||name==="promises")continue;let value=shape2[name];if(typeof value!="function"){out2[name]=value;continue}out2[name]=function(){
throw Object.assign(new Error(`${module3}.${name} does not exist here: ${advice2}`),{code:"ERR_METHOD_NOT_IMPLEMENTED"})},Object.defineProperty(out2[name],"name",
{value:name})}return Object.assign(out2,kept)}}});var shape=(init_zlib(),__toCommonJS(zlib_exports)).default,{constants:constants2}=shape,advice="it is not among what this host gives; gzip, deflate and their op\
posites are",refused=require_refuse()("zlib",advice,shape),bytesOf=v=>typeof v=="string"?Buffer.from(v):ArrayBuffer.isView(v)?new Uint8Array(v.buffer,v.byteOffset,
v.byteLength):new Uint8Array(v);function fail([code,message]){return Object.assign(new Error(message),{errno:constants2[code],code})}function run(kind,data,options={}){
let result=native.convert(kind,bytesOf(data),options?.level??-1,options?.maxOutputLength??268435456);if(Array.isArray(result))throw fail(result);return Buffer.from(
result)}var out=Object.assign(refused,{constants:constants2,codes:shape.codes});for(let name of Object.keys(constants2))out[name]??=constants2[name];for(let kind of[
"Gzip","Gunzip","Deflate","Inflate","DeflateRaw","InflateRaw","Unzip"]){let short=kind[0].toLowerCase()+kind.slice(1);out[`${short}Sync`]=(data,options)=>run(kind,
data,options),out[short]=(data,options,done=options)=>{let result;try{result=run(kind,data,typeof options=="function"?{}:options)}catch(error){return process.nextTick(
done,error)}process.nextTick(done,null,result)};let create=options=>{let parts=[],{Transform:Transform2}=require("stream");return new Transform2({transform(chunk,encoding,done){
parts.push(Buffer.from(chunk)),done()},flush(done){try{(parts.length>0||!kind.startsWith("In")&&kind!=="Gunzip"&&kind!=="Unzip")&&this.push(run(kind,Buffer.concat(
parts),options)),done()}catch(error){done(error)}}})};out[`create${kind}`]=create,out[kind]=function(options){return create(options)}}module.exports=out;
