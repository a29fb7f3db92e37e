# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
# The program of the tests in Ruby: server.rb PORT [CERTIFICATE KEY]. GET answers 200, or 404 below /missing; POST reads
# its body and answers 201.

require 'webrick'
require 'webrick/https'

BODY = %({"program": "ruby", "filler": "#{'x' * 200}"}).freeze

# Answers everything.
class Program < WEBrick::HTTPServlet::AbstractServlet
  def do_GET(request, response)
    response.status = request.path.start_with?('/missing') ? 404 : 200
    response.body = BODY
  end

  def do_POST(request, response)
    request.body
    response.status = 201
    response.body = BODY
  end
end

port, certificate, key = ARGV
options = { Port: port.to_i, BindAddress: '0.0.0.0', AccessLog: [], Logger: WEBrick::Log.new($stderr, WEBrick::Log::WARN) }
if certificate
  options.update(SSLEnable: true, SSLCertificate: OpenSSL::X509::Certificate.new(File.read(certificate)),
                 SSLPrivateKey: OpenSSL::PKey.read(File.read(key)))
end
server = WEBrick::HTTPServer.new(options)
server.mount('/', Program)
trap('TERM') { server.shutdown }
server.start
