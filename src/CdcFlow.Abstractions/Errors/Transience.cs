using System.Data.Common;
using System.Net.Sockets;

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
}
