"use strict";var http=require("http"),Agent=class extends http.Agent{constructor(options){super(options),this.defaultPort=443,this.protocol="https:"}},globalAgent=new Agent(
{keepAlive:!0});function withHTTPS(url,options,done){let defaults={_defaultAgent:globalAgent};return typeof url=="string"||url instanceof URL?typeof options=="f\
unction"?[url,defaults,options]:[url,{...defaults,...options},done]:[{...defaults,...url},options]}var request=(...args)=>new http.ClientRequest(...withHTTPS(...args)),
get=(...args)=>{let r=request(...args);return r.end(),r};module.exports={Agent,globalAgent,request,get,Server:http.Server,createServer:http.createServer};
