using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CdcFlow;

/// <summary>Tells failures that may heal by themselves from those that stay what they are.</summary>
public static class Transience
{
    /// <summary>Whether doing the same again may go well: the network, a server or a time limit failed, not the code or its user.</summary>
    /// <remarks>A <see cref="CdcFlowException"/> says so itself; a fenced one never heals. What is not known to heal does not.</remarks>
    public static bool MayHeal(Exception failure) => failure switch
    {
        CdcFlowException coded => coded.IsTransient && !coded.IsFenced,
        DbException server => server.IsTransient,
        IOException or SocketException or HttpRequestException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>Whether what a user's method threw says that something outside was away, so that another row would have fared no better: an outage. Everything else is about the
    /// row, and would come again with it.</summary>
    /// <remarks>Looks inside exceptions that stand around others. An answer of a web server is an outage where it may be another one later (408, 429, 5xx). Bytes that end too
    /// early, a file that is missing and a pattern that takes too long are not, although their exceptions derive from those of input and time.</remarks>
    public static bool IsOutage(Exception failure) => failure switch
    {
        CdcFlowException coded => MayHeal(coded),
        AggregateException { InnerExceptions.Count: > 0 } all => all.InnerExceptions.All(IsOutage),
        DbException { IsTransient: true } or SocketException or OperationCanceledException or HttpIOException => true,
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        HttpRequestException => true,
        TimeoutException => failure is not RegexMatchTimeoutException,
        IOException when failure.GetType() == typeof(IOException) => true,
        _ => failure.InnerException is { } inner && IsOutage(inner),
    };
}
