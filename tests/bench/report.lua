-- What wrk found, as one line of JSON. Nothing runs for single requests: that would slow the client down.
done = function(summary, latency)
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "failed": %d}\n',
    summary.requests, summary.duration / 1000000, summary.bytes,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  ))
end
