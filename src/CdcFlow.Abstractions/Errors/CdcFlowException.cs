using CdcFlow.Checkpoints;

namespace CdcFlow;

/// <summary>Who can fix an error.</summary>
public enum ErrorDomain
{
    /// <summary>The user: configuration, row types, grants, server settings.</summary>
    User,

    /// <summary>The outside: a server said no, or could not be reached.</summary>
    External,

    /// <summary>CdcFlow: a broken invariant. Never retried.</summary>
    Internal,
}

/// <summary>Anything that stops a pipeline: a stable code, what happened, and what to do.</summary>
/// <remarks>Misuse of the API throws the usual <see cref="ArgumentException"/> and <see cref="InvalidOperationException"/> instead.
/// Messages never carry secrets, nor row values other than the key that tells a person which row it is.</remarks>
public class CdcFlowException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="code">A stable code, from <see cref="ErrorCodes"/> or a connector's own.</param>
    /// <param name="happened">What happened: one sentence.</param>
    /// <param name="fix">What to do: the exact SQL or setting where there is one; null when waiting and retrying is all.</param>
    /// <param name="domain">Who can fix it.</param>
    /// <param name="isTransient">Whether a restart from the last checkpoint may heal it.</param>
    /// <param name="inner">The cause.</param>
    public CdcFlowException(
        string code, string happened, string? fix = null, ErrorDomain domain = ErrorDomain.User, bool isTransient = false, Exception? inner = null)
        : base(fix is null ? $"{code}: {happened}" : $"{code}: {happened} {fix}", inner)
    {
        Code = code;
        Happened = happened;
        Fix = fix;
        Domain = domain;
        IsTransient = isTransient;
        HelpLink = $"https://github.com/cdcflow/cdcflow/blob/main/docs/reference/errors.md#{code.ToLowerInvariant()}";
    }

    /// <summary>The stable code, <c>CDCFnnnn</c>.</summary>
    public string Code { get; }

    /// <summary>What happened.</summary>
    public string Happened { get; }

    /// <summary>What to do, or null.</summary>
    public string? Fix { get; }

    /// <summary>Who can fix it.</summary>
    public ErrorDomain Domain { get; }

    /// <summary>Whether the pipeline may restart by itself.</summary>
    public bool IsTransient { get; }

    /// <summary>Whether only somebody outside can end the cause (a full disk), so that a transient error is waited out and never counts as one restart too many.</summary>
    public bool IsWaitedOut { get; init; }

    /// <summary>Whether a server (a source's, a sink's, a registry's) cannot be reached or is not up, so that a transient error is waited for as long as
    /// <c>Restart:AwayMax</c> says.</summary>
    public bool IsAway { get; init; }

    /// <summary>Whether a newer instance has taken over, so that this one must end and never retry.</summary>
    public bool IsFenced { get; init; }

    /// <summary>The epoch that has taken over, where the one who fences knows it; null otherwise.</summary>
    public Epoch? FencedBy { get; init; }

    /// <summary>Whether the source no longer has what comes after the checkpoint, so that only a new snapshot can go on.</summary>
    public bool IsPositionLost { get; init; }

    /// <summary>Whether one row is the cause, by itself, so that <see cref="OnError"/> of the node or sink decides what becomes of it.</summary>
    public bool IsOfRow { get; init; }

    /// <summary>Whether a sink refuses what is written, and would again.</summary>
    public bool IsSinkRefusal { get; init; }
}
