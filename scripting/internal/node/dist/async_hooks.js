"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __esm=(fn,res,err)=>function(){if(err)throw err[0];try{return fn&&(res=(0,fn[__getOwnPropNames(fn)[0]])(fn=0)),res}catch(e){throw err=[e],e}};var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var _AsyncLocalStorage,AsyncLocalStorage,init_async_local_storage=__esm({"../node_modules/unenv/dist/runtime/node/internal/async_hooks/async-local-storage.mjs"(){
_AsyncLocalStorage=class{__unenv__=!0;_currentStore;_enterStore;_enabled=!0;getStore(){return this._currentStore??this._enterStore}disable(){this._enabled=!1}enable(){
this._enabled=!0}enterWith(store){this._enterStore=store}run(store,callback,...args){this._currentStore=store;let res=callback(...args);return this._currentStore=
void 0,res}exit(callback,...args){let _previousStore=this._currentStore;this._currentStore=void 0;let res=callback(...args);return this._currentStore=_previousStore,
res}static snapshot(){throw new Error("[unenv] `AsyncLocalStorage.snapshot` is not implemented!")}},AsyncLocalStorage=globalThis.AsyncLocalStorage||_AsyncLocalStorage}});var kInit,kBefore,kAfter,kDestroy,kPromiseResolve,_AsyncHook,createHook,executionAsyncId,executionAsyncResource,triggerAsyncId,asyncWrapProviders,init_async_hook=__esm(
{"../node_modules/unenv/dist/runtime/node/internal/async_hooks/async-hook.mjs"(){kInit=Symbol("init"),kBefore=Symbol("before"),kAfter=Symbol("after"),kDestroy=Symbol(
"destroy"),kPromiseResolve=Symbol("promiseResolve"),_AsyncHook=class{__unenv__=!0;_enabled=!1;_callbacks={};constructor(callbacks={}){this._callbacks=callbacks}enable(){
return this._enabled=!0,this}disable(){return this._enabled=!1,this}get[kInit](){return this._callbacks.init}get[kBefore](){return this._callbacks.before}get[kAfter](){
return this._callbacks.after}get[kDestroy](){return this._callbacks.destroy}get[kPromiseResolve](){return this._callbacks.promiseResolve}},createHook=function(callbacks){
return new _AsyncHook(callbacks)},executionAsyncId=function(){return 0},executionAsyncResource=function(){return Object.create(null)},triggerAsyncId=function(){
return 0},asyncWrapProviders=Object.assign(Object.create(null),{NONE:0,DIRHANDLE:1,DNSCHANNEL:2,ELDHISTOGRAM:3,FILEHANDLE:4,FILEHANDLECLOSEREQ:5,BLOBREADER:6,FSEVENTWRAP:7,
FSREQCALLBACK:8,FSREQPROMISE:9,GETADDRINFOREQWRAP:10,GETNAMEINFOREQWRAP:11,HEAPSNAPSHOT:12,HTTP2SESSION:13,HTTP2STREAM:14,HTTP2PING:15,HTTP2SETTINGS:16,HTTPINCOMINGMESSAGE:17,
HTTPCLIENTREQUEST:18,JSSTREAM:19,JSUDPWRAP:20,MESSAGEPORT:21,PIPECONNECTWRAP:22,PIPESERVERWRAP:23,PIPEWRAP:24,PROCESSWRAP:25,PROMISE:26,QUERYWRAP:27,QUIC_ENDPOINT:28,
QUIC_LOGSTREAM:29,QUIC_PACKET:30,QUIC_SESSION:31,QUIC_STREAM:32,QUIC_UDP:33,SHUTDOWNWRAP:34,SIGNALWRAP:35,STATWATCHER:36,STREAMPIPE:37,TCPCONNECTWRAP:38,TCPSERVERWRAP:39,
TCPWRAP:40,TTYWRAP:41,UDPSENDWRAP:42,UDPWRAP:43,SIGINTWATCHDOG:44,WORKER:45,WORKERHEAPSNAPSHOT:46,WRITEWRAP:47,ZLIB:48,CHECKPRIMEREQUEST:49,PBKDF2REQUEST:50,KEYPAIRGENREQUEST:51,
KEYGENREQUEST:52,KEYEXPORTREQUEST:53,CIPHERREQUEST:54,DERIVEBITSREQUEST:55,HASHREQUEST:56,RANDOMBYTESREQUEST:57,RANDOMPRIMEREQUEST:58,SCRYPTREQUEST:59,SIGNREQUEST:60,
TLSWRAP:61,VERIFYREQUEST:62})}});var _asyncIdCounter,_AsyncResource,AsyncResource,init_async_resource=__esm({"../node_modules/unenv/dist/runtime/node/internal/async_hooks/async-resource.mjs"(){
init_async_hook();_asyncIdCounter=100,_AsyncResource=class{__unenv__=!0;type;_asyncId;_triggerAsyncId;constructor(type,triggerAsyncId2=executionAsyncId()){this.
type=type,this._asyncId=-1*_asyncIdCounter++,this._triggerAsyncId=typeof triggerAsyncId2=="number"?triggerAsyncId2:triggerAsyncId2?.triggerAsyncId}static bind(fn,type,thisArg){
return new AsyncResource(type??"anonymous").bind(fn)}bind(fn,thisArg){let binded=(...args)=>this.runInAsyncScope(fn,thisArg,...args);return binded.asyncResource=
this,binded}runInAsyncScope(fn,thisArg,...args){return fn.apply(thisArg,args)}emitDestroy(){return this}asyncId(){return this._asyncId}triggerAsyncId(){return this.
_triggerAsyncId}},AsyncResource=globalThis.AsyncResource||_AsyncResource}});var async_hooks_exports={};__export(async_hooks_exports,{AsyncLocalStorage:()=>AsyncLocalStorage,AsyncResource:()=>AsyncResource,asyncWrapProviders:()=>asyncWrapProviders,
createHook:()=>createHook,default:()=>async_hooks_default,executionAsyncId:()=>executionAsyncId,executionAsyncResource:()=>executionAsyncResource,triggerAsyncId:()=>triggerAsyncId});
var async_hooks_default,init_async_hooks=__esm({"../node_modules/unenv/dist/runtime/node/async_hooks.mjs"(){init_async_local_storage();init_async_resource();init_async_hook();
init_async_local_storage();init_async_resource();init_async_hook();async_hooks_default={asyncWrapProviders,AsyncLocalStorage,AsyncResource,createHook,executionAsyncId,
executionAsyncResource,triggerAsyncId}}});module.exports={...(init_async_hooks(),__toCommonJS(async_hooks_exports)).default};
