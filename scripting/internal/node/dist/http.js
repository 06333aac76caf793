"use strict";var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __hasOwnProp=Object.prototype.hasOwnProperty;var __esm=(fn,res,err)=>function(){if(err)throw err[0];try{return fn&&(res=(0,fn[__getOwnPropNames(fn)[0]])(fn=0)),res}catch(e){throw err=[e],e}};var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{if(from&&typeof from==
"object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=
__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:!0}),mod);var constants_exports={};__export(constants_exports,{METHODS:()=>METHODS,STATUS_CODES:()=>STATUS_CODES,maxHeaderSize:()=>maxHeaderSize});var METHODS,STATUS_CODES,
maxHeaderSize,init_constants=__esm({"../node_modules/unenv/dist/runtime/node/internal/http/constants.mjs"(){METHODS=["ACL","BIND","CHECKOUT","CONNECT","COPY","D\
ELETE","GET","HEAD","LINK","LOCK","M-SEARCH","MERGE","MKACTIVITY","MKCALENDAR","MKCOL","MOVE","NOTIFY","OPTIONS","PATCH","POST","PRI","PROPFIND","PROPPATCH","PU\
RGE","PUT","REBIND","REPORT","SEARCH","SOURCE","SUBSCRIBE","TRACE","UNBIND","UNLINK","UNLOCK","UNSUBSCRIBE"],STATUS_CODES={100:"Continue",101:"Switching Protoco\
ls",102:"Processing",103:"Early Hints",200:"OK",201:"Created",202:"Accepted",203:"Non-Authoritative Information",204:"No Content",205:"Reset Content",206:"Parti\
al Content",207:"Multi-Status",208:"Already Reported",226:"IM Used",300:"Multiple Choices",301:"Moved Permanently",302:"Found",303:"See Other",304:"Not Modified",
305:"Use Proxy",307:"Temporary Redirect",308:"Permanent Redirect",400:"Bad Request",401:"Unauthorized",402:"Payment Required",403:"Forbidden",404:"Not Found",405:"\
Method Not Allowed",406:"Not Acceptable",407:"Proxy Authentication Required",408:"Request Timeout",409:"Conflict",410:"Gone",411:"Length Required",412:"Precondi\
tion Failed",413:"Payload Too Large",414:"URI Too Long",415:"Unsupported Media Type",416:"Range Not Satisfiable",417:"Expectation Failed",418:"I'm a Teapot",421:"\
Misdirected Request",422:"Unprocessable Entity",423:"Locked",424:"Failed Dependency",425:"Too Early",426:"Upgrade Required",428:"Precondition Required",429:"Too\
 Many Requests",431:"Request Header Fields Too Large",451:"Unavailable For Legal Reasons",500:"Internal Server Error",501:"Not Implemented",502:"Bad Gateway",503:"\
Service Unavailable",504:"Gateway Timeout",505:"HTTP Version Not Supported",506:"Variant Also Negotiates",507:"Insufficient Storage",508:"Loop Detected",509:"Ba\
ndwidth Limit Exceeded",510:"Not Extended",511:"Network Authentication Required"},maxHeaderSize=16384}});var EventEmitter=require("events"),{Readable,Writable}=require("stream"),{METHODS:METHODS2,STATUS_CODES:STATUS_CODES2,maxHeaderSize:maxHeaderSize2}=(init_constants(),__toCommonJS(constants_exports)),
advice="scripts have no sockets: use fetch, or request and get of http and https, which are made of it",refused=name=>Object.assign(new Error(`${name} does not \
exist here: ${advice}`),{code:"ERR_METHOD_NOT_IMPLEMENTED"});function fault(Class,code,message){return Object.assign(new Class(message),{code})}function validateHeaderName(name){
if(typeof name!="string"||!/^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/.test(name))throw fault(TypeError,"ERR_INVALID_HTTP_TOKEN",`Header name must be a valid HTTP token [\
"${name}"]`)}function validateHeaderValue(name,value){if(value===void 0)throw fault(TypeError,"ERR_HTTP_INVALID_HEADER_VALUE",`Invalid value "${value}" for head\
er "${name}"`);if(/[^\t\x20-\x7e\x80-\xff]/.test(value))throw fault(TypeError,"ERR_INVALID_CHAR",`Invalid character in header content ["${name}"]`)}var Connection=class extends EventEmitter{constructor(encrypted,host){
super(),Object.assign(this,{encrypted,authorized:encrypted,remoteAddress:host,connecting:!1,destroyed:!1,writable:!0,readable:!0})}setKeepAlive(){return this}setNoDelay(){
return this}setTimeout(){return this}ref(){return this}unref(){return this}end(){return this}cork(){}uncork(){}destroy(){return this.destroyed=!0,this}},Agent=class extends EventEmitter{constructor(options={}){
super(),this.options={__proto__:null,noDelay:!0,path:null,...options},Object.assign(this,{requests:{},sockets:{},freeSockets:{},keepAliveMsecs:options.keepAliveMsecs??
1e3,keepAlive:options.keepAlive??!1,maxSockets:options.maxSockets??1/0,maxFreeSockets:options.maxFreeSockets??256,scheduling:options.scheduling??"lifo",maxTotalSockets:options.
maxTotalSockets??1/0,totalSocketCount:0,defaultPort:80,protocol:"http:"})}addRequest(){throw refused("http.Agent.addRequest")}createConnection(){throw refused("\
http.Agent.createConnection")}getName(options={}){return`${options.host??"localhost"}:${options.port??""}:${options.localAddress??""}`}destroy(){}},{addRequest,
createConnection}=Agent.prototype,makesConnections=agent=>agent instanceof EventEmitter&&(agent.addRequest!==addRequest||agent.createConnection!==createConnection),
IncomingMessage=class extends Readable{constructor(socket){super({highWaterMark:socket?.readableHighWaterMark}),Object.assign(this,{httpVersionMajor:1,httpVersionMinor:1,
httpVersion:"1.1",complete:!1,rawHeaders:[],headers:{},trailers:{},rawTrailers:[],aborted:!1,upgrade:!1,url:"",method:null,statusCode:null,statusMessage:null,socket})}get connection(){
return this.socket}get headersDistinct(){let all=Object.create(null);for(let i=0;i<this.rawHeaders.length;i+=2)(all[this.rawHeaders[i].toLowerCase()]??=[]).push(
this.rawHeaders[i+1]);return all}get trailersDistinct(){return Object.create(null)}setTimeout(ms,done){return this.req?.setTimeout(ms,done),this}_read(){this.pull?.()}_destroy(error,done){
this.complete||(this.aborted=!0,this.cancel?.(),error===null&&this.listenerCount("error")>0&&!this.readableEnded&&(error=fault(Error,"ECONNRESET","aborted")),this.
emit("aborted")),process.nextTick(done,error)}},OutgoingMessage=class extends Writable{#headers=new Map;constructor(options){super(options),this.headersSent=!1,
this.sendDate=!1,this.finished=!1}setHeader(name,value){if(this.headersSent)throw fault(Error,"ERR_HTTP_HEADERS_SENT","Cannot set headers after they are sent to\
 the client");validateHeaderName(name);for(let v of[].concat(value))validateHeaderValue(name,v);return this.#headers.set(name.toLowerCase(),[name,value]),this}appendHeader(name,value){
let old=this.getHeader(name);return this.setHeader(name,old===void 0?value:[].concat(old,value))}setHeaders(headers){for(let[name,value]of headers)this.setHeader(
name,value);return this}getHeader(name){return this.#headers.get(`${name}`.toLowerCase())?.[1]}hasHeader(name){return this.#headers.has(`${name}`.toLowerCase())}removeHeader(name){
this.#headers.delete(`${name}`.toLowerCase())}getHeaderNames(){return[...this.#headers.keys()]}getRawHeaderNames(){return[...this.#headers.values()].map(([name])=>name)}getHeaders(){
let all=Object.create(null);for(let[key,[,value]]of this.#headers)all[key]=value;return all}flushHeaders(){}};function optionsOf(url,options,done){if(typeof url==
"string"||url instanceof URL){let parsed=url;try{typeof url=="string"&&(parsed=new URL(url))}catch{throw fault(TypeError,"ERR_INVALID_URL","Invalid URL")}url=require("url").
urlToHttpOptions(parsed)}else done=options,options=url,url={};return typeof options=="function"&&(done=options,options={}),[Object.assign(url,options),done]}var ClientRequest=class extends OutgoingMessage{#body=[];#timer;#controller=new AbortController;#url;#hosts;constructor(url,options,done){
let[o,answered]=optionsOf(url,options,done);super({highWaterMark:o.highWaterMark,autoDestroy:!1});let agent=o.agent??o._defaultAgent??module.exports.globalAgent;
if(makesConnections(agent)||o.createConnection)throw refused("an agent that makes its own connections");if(o.socketPath)throw refused("socketPath");let expected=o.
agent===void 0||o.agent===!1?o._defaultAgent?.protocol??"http:":agent.protocol??"http:";if(this.protocol=o.protocol??expected,this.protocol!==expected)throw fault(
TypeError,"ERR_INVALID_PROTOCOL",`Protocol "${this.protocol}" not supported. Expected "${expected}"`);if(this.agent=agent,this.method=(o.method??"GET").toUpperCase(),
!/^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/.test(this.method))throw fault(TypeError,"ERR_INVALID_HTTP_TOKEN",`Method must be a valid HTTP token ["${o.method}"]`);if(this.
path=o.path||"/",/[^\x21-\xff]/.test(this.path))throw fault(TypeError,"ERR_UNESCAPED_CHARACTERS","Request path contains unescaped characters");this.host=o.hostname??
o.host??"localhost";let port=o.port??o.defaultPort??(this.protocol==="https:"?443:80),named=this.host.includes(":")&&!this.host.startsWith("[")?`[${this.host}]`:
this.host,usual=Number(port)===(this.protocol==="https:"?443:80);this.#hosts=[`${named}:${port}`,...usual?[named]:[]].map(name=>name.toLowerCase()),this.#url=`${this.
protocol}//${named}${usual?"":`:${port}`}${this.path}`,Object.assign(this,{aborted:!1,reusedSocket:!1,res:null,maxHeadersCount:null});let{headers}=o;if(Array.isArray(
headers)){let pairs=Array.isArray(headers[0])?headers:headers.flatMap((v,i)=>i%2?[]:[[v,headers[i+1]]]);for(let[name,value]of pairs)this.appendHeader(name,value)}else
for(let name of Object.keys(headers??{}))this.setHeader(name,headers[name]);if(!this.hasHeader("host")&&o.setHost!==!1&&this.setHeader("Host",named+(usual?"":`:${port}`)),
/^100-continue$/i.test(this.getHeader("expect"))&&process.nextTick(()=>{this.destroyed||this.emit("continue")}),o.auth&&!this.hasHeader("authorization")&&this.setHeader(
"Authorization",`Basic ${Buffer.from(o.auth).toString("base64")}`),answered&&this.once("response",answered),o.timeout&&this.setTimeout(o.timeout),o.signal){let leave=()=>this.
destroy(Object.assign(new Error("The operation was aborted",{cause:o.signal.reason}),{code:"ABORT_ERR",name:"AbortError"}));o.signal.aborted?process.nextTick(leave):
o.signal.addEventListener("abort",leave,{once:!0})}this.socket=this.connection=new Connection(this.protocol==="https:",this.host),process.nextTick(()=>{this.destroyed||
this.emit("socket",this.socket)})}setHeader(name,value){if(`${name}`.toLowerCase()==="host"&&!this.#hosts.includes(`${value}`.toLowerCase()))throw fault(Error,"\
ERR_METHOD_NOT_IMPLEMENTED",`the header Host is that of the URL here, ${this.#hosts.at(-1)}, and cannot be ${value}: which hosts a script may reach is looked at\
 by the URL`);return super.setHeader(name,value)}_write(chunk,encoding,done){this.#body.push(Buffer.from(chunk,typeof chunk=="string"?encoding:void 0)),done()}_final(done){
this.finished=!0,this.#send(),done()}_destroy(error,done){clearTimeout(this.#timer),this.#controller.abort(),this.res!==null?(this.res.complete||this.res.destroy(
error),error=null):error===null&&!this.answered&&(error=fault(Error,"ECONNRESET","socket hang up")),done(error)}abort(){this.aborted||(this.aborted=!0,process.nextTick(
()=>this.emit("abort")),this.destroy())}setTimeout(ms,done){return clearTimeout(this.#timer),done&&this.once("timeout",done),ms>0&&(this.#timer=setTimeout(()=>this.
emit("timeout"),ms)),this.timeout=ms,this}setNoDelay(){}setSocketKeepAlive(){}onSocket(){throw refused("http.ClientRequest.onSocket")}#send(){this.headersSent=!0;
let headers=[];for(let name of this.getRawHeaderNames())for(let value of[].concat(this.getHeader(name)))headers.push([name,`${value}`]);let init={method:this.method,
headers,redirect:"manual",signal:this.#controller.signal},body=Buffer.concat(this.#body);if(body.length>0&&(this.method==="GET"||this.method==="HEAD"))return void process.
nextTick(()=>this.#fail(fault(Error,"ERR_METHOD_NOT_IMPLEMENTED",`a ${this.method} request cannot have a body here: requests are those of fetch, which refuses i\
t; send it with POST`)));body.length>0&&(init.body=body),fetch(this.#url,init).then(response=>this.#answer(response),error=>this.#fail(error))}#fail(error){if(this.
destroyed)return;let cause=error.cause instanceof Error?error.cause:error;this.destroy(Object.assign(new Error(cause.message,{cause:error}),{code:cause.code??"E\
CONNRESET"}))}#answer(response){if(this.destroyed)return;this.answered=!0;let message=new IncomingMessage(this.socket);Object.assign(message,{statusCode:response.
status,statusMessage:response.statusText,req:this,url:""});let decoded=response.headers.has("content-encoding");for(let[name,value]of response.headers)decoded&&
(name==="content-encoding"||name==="content-length")||(message.rawHeaders.push(name,value),name==="set-cookie"?(message.headers[name]??=[]).push(value):message.
headers[name]=value);let reader=response.body?.getReader();message.cancel=()=>{reader?.cancel().catch(()=>{}),this.#controller.abort()},message.pull=()=>{if(reader===
void 0)return end();reader.read().then(({done,value})=>{if(done)return end();message.push(Buffer.from(value.buffer,value.byteOffset,value.byteLength))},error=>{
if(message.destroyed)return;let cause=error.cause instanceof Error?error.cause:error;message.destroy(Object.assign(new Error(cause.message),{code:cause.code??"E\
CONNRESET"}))})};let end=()=>{message.complete=!0,clearTimeout(this.#timer),message.push(null)};message.once("close",()=>{clearTimeout(this.#timer),this.destroyed||
this.destroy()}),this.res=message,this.emit("response",message)||message.resume()}},request=(url,options,done)=>new ClientRequest(url,options,done),get=(url,options,done)=>{
let r=request(url,options,done);return r.end(),r},stub=name=>function(){throw refused(`http.${name}`)};module.exports={METHODS:METHODS2,STATUS_CODES:STATUS_CODES2,
maxHeaderSize:maxHeaderSize2,Agent,ClientRequest,IncomingMessage,OutgoingMessage,globalAgent:new Agent({keepAlive:!0}),request,get,validateHeaderName,validateHeaderValue,
setMaxIdleHTTPParsers(){},Server:stub("Server"),ServerResponse:stub("ServerResponse"),createServer:stub("createServer")};
