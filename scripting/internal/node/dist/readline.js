"use strict";var __getOwnPropNames=Object.getOwnPropertyNames;var __commonJS=(cb,mod)=>function(){try{return mod||(0,cb[__getOwnPropNames(cb)[0]])((mod={exports:{}}).exports,mod),mod.exports}catch(e){throw mod=0,e}};var require_refuse=__commonJS({"src/refuse.js"(exports2,module2){"use strict";module2.exports=function(module3,advice,shape,kept={}){let out={};for(let name of Object.
keys(shape)){if(name==="default"||name==="promises")continue;let value=shape[name];if(typeof value!="function"){out[name]=value;continue}out[name]=function(){throw Object.
assign(new Error(`${module3}.${name} does not exist here: ${advice}`),{code:"ERR_METHOD_NOT_IMPLEMENTED"})},Object.defineProperty(out[name],"name",{value:name})}
return Object.assign(out,kept)}}});var f=()=>{};module.exports=require_refuse()("readline","scripts have no terminal: print with console",{Interface:f,createInterface:f,clearLine:f,clearScreenDown:f,
cursorTo:f,emitKeypressEvents:f,moveCursor:f});
