#!/usr/bin/env ruby
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
#
# Bookinfo's details: GET /details/ID as JSON, GET /health; ?bytes=N pads the answer. A thread a connection; each response leaves in one write.
# Settings come by environment: FAULT_FILE, PORT; TLS_CERTIFICATE and TLS_KEY where it serves TLS.

require 'json'
require 'openssl'
require 'socket'

# The delay that `mesh fault` wants, from a file of one line `KIND MILLISECONDS`; reread only when it was replaced.
class FaultFile
  Fault = Struct.new(:kind, :seconds)
  NONE = Fault.new('none', 0.0).freeze

  def initialize(path)
    @path = path
    @version = nil
    @fault = NONE
    @lock = Mutex.new
  end

  def current
    @lock.synchronize do
      status = File.stat(@path)
      version = [status.mtime.to_r, status.ino]
      if version != @version
        kind, milliseconds = File.read(@path).split
        @fault = Fault.new(kind, milliseconds.to_f / 1000)
        @version = version
      end
      @fault
    end
  rescue Errno::ENOENT
    NONE
  end
end

# One kept connection: waits until a request can be read, reads it, answers it.
class Connection
  REASONS = { 200 => 'OK', 400 => 'Bad Request', 404 => 'Not Found' }.freeze

  # The context is nil for plain HTTP.
  def initialize(socket, faults, tls_context)
    @tcp = socket
    @socket = tls_context ? OpenSSL::SSL::SSLSocket.new(socket, tls_context) : socket
    @faults = faults
    @received = String.new(encoding: Encoding::BINARY)
  end

  def serve
    @tcp.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
    @socket.accept if tls?
    @socket.sync = true
    while (path = next_request)
      respond(path, *answer(path))
    end
  rescue EOFError, SystemCallError, OpenSSL::SSL::SSLError
    # The peer went away: nothing is owed to it.
  ensure
    @socket.close
    @tcp.close
  end

  private

  def tls?
    !@socket.equal?(@tcp)
  end

  def next_request
    read_some until (head_end = @received.index("\r\n\r\n"))
    head = @received.byteslice(0, head_end)
    length = head_end + 4 + head[/^content-length: *(\d+)/i, 1].to_i
    read_some while @received.bytesize < length
    @received = @received.byteslice(length..)
    head.split(' ', 3)[1]
  end

  def read_some
    @tcp.wait_readable unless tls? && @socket.pending.positive?
    fault = @faults.current
    sleep(fault.seconds) if fault.kind == 'app-queue'
    @received << @socket.readpartial(65_536)
  end

  def answer(path)
    case path.split('?').first
    when '/health' then [200, { status: 'Details is healthy' }]
    when %r{\A/details/(\d+)\z} then [200, padded(book(Regexp.last_match(1).to_i), path)]
    when %r{\A/details/} then [400, { error: 'please provide numeric product id' }]
    else [404, { error: "no such path: #{path}" }]
    end
  end

  def book(id)
    { id: id, author: 'William Shakespeare', year: 1595, type: 'paperback', pages: 200, publisher: 'PublisherA',
      language: 'English', 'ISBN-10': '1234567890', 'ISBN-13': '123-1234567890' }
  end

  def padded(value, path)
    bytes = path[/[?&]bytes=(\d+)/, 1].to_i
    bytes.zero? ? value : { padding: 'x' * [bytes - JSON.generate(value).bytesize - 13, 0].max }.merge(value)
  end

  def respond(path, status, value)
    body = JSON.generate(value)
    response = "HTTP/1.1 #{status} #{REASONS[status]}\r\ncontent-type: application/json\r\n" \
               "content-length: #{body.bytesize}\r\n\r\n#{body}"
    fault = path == '/health' ? FaultFile::NONE : @faults.current
    sleep(fault.seconds) if fault.kind == 'app-sleep'
    return @socket.write(response) unless fault.kind == 'slow-body'

    split = response.bytesize - body.bytesize / 2
    @socket.write(response.byteslice(0, split))
    sleep(fault.seconds)
    @socket.write(response.byteslice(split..))
  end
end

def tls_context_from_environment
  certificate = ENV.fetch('TLS_CERTIFICATE', '')
  return nil if certificate.empty?

  OpenSSL::SSL::SSLContext.new.tap do |context|
    context.cert = OpenSSL::X509::Certificate.new(File.read(certificate))
    context.key = OpenSSL::PKey.read(File.read(ENV.fetch('TLS_KEY')))
  end
end

server = TCPServer.new('0.0.0.0', ENV.fetch('PORT', '9080').to_i)
server.listen(512)
faults = FaultFile.new(ENV.fetch('FAULT_FILE', ''))
context = tls_context_from_environment
loop do
  socket = server.accept
  Thread.new { Connection.new(socket, faults, context).serve }
end
