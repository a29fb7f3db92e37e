# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
# A TLS server over sockets, a thread a connection: server.rb PORT. Answers as threads.py does.
require 'openssl'
require 'socket'

context = OpenSSL::SSL::SSLContext.new
context.cert = OpenSSL::X509::Certificate.new(File.read('target/tlshop.crt'))
context.key = OpenSSL::PKey.read(File.read('target/tlshop.key'))
listener = TCPServer.new('127.0.0.1', ARGV[0].to_i)
loop do
  Thread.new(listener.accept) do |socket|
    port = socket.peeraddr[1].to_s
    tls = OpenSSL::SSL::SSLSocket.new(socket, context)
    tls.sync_close = true
    tls.accept
    while (line = tls.gets)
      number = line.split[1].split('/').last.to_i
      nil until tls.gets == "\r\n"
      status = (number % 5).zero? ? '404 Not Found' : '200 OK'
      tls.write("HTTP/1.1 #{status}\r\ncontent-length: #{port.length}\r\n\r\n#{port}")
    end
  rescue SystemCallError, IOError, OpenSSL::SSL::SSLError
    socket.close
  end
end
