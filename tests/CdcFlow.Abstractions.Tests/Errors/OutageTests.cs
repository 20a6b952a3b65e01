using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CdcFlow.Abstractions.Tests.Errors;

/// <summary>Of what a user's method throws, what comes again with the row is told from what was away for every row.</summary>
public sealed class OutageTests
{
    public static TheoryData<Exception> Outages => new()
    {
        new SocketException(111), new IOException("broken pipe"), new TimeoutException(), new TaskCanceledException("", new TimeoutException()),
        new HttpRequestException("refused", new SocketException(111)), new HttpRequestException(null, null, HttpStatusCode.ServiceUnavailable), new HttpRequestException(null, null, HttpStatusCode.TooManyRequests),
        new HttpIOException(HttpRequestError.ResponseEnded), new InvalidOperationException("likely transient", new SocketException(111)),
        new InvalidOperationException("outer", new InvalidOperationException("inner", new TimeoutException())), new AggregateException(new TimeoutException(), new SocketException(111)),
        new CdcFlowException("CDCF9999", "Away.", isTransient: true),
    };

    public static TheoryData<Exception> Rows => new()
    {
        new FormatException(), new InvalidOperationException("a rule", new FormatException()), new EndOfStreamException(), new FileNotFoundException(), new InvalidDataException(),
        new RegexMatchTimeoutException(), new HttpRequestException(null, null, HttpStatusCode.NotFound), new HttpRequestException(null, null, HttpStatusCode.UnprocessableEntity),
        new AggregateException(new TimeoutException(), new FormatException()), new AggregateException(), new CdcFlowException("CDCF9999", "No."),
    };

    [Theory, MemberData(nameof(Outages))]
    public void Outage_is_waited_out(Exception failure) => Assert.True(Transience.IsOutage(failure));

    [Theory, MemberData(nameof(Rows))]
    public void Row_is_not(Exception failure) => Assert.False(Transience.IsOutage(failure));
}
