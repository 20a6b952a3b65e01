using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>What a client last complained of by itself: why nothing comes back.</summary>
/// <remarks>Thread-safe: complaints come on whatever thread serves the client.</remarks>
internal sealed class ClientTrouble
{
    private readonly Lock gate = new();
    private ClientError? cause;
    private KafkaException? tokenFailure;

    /// <summary>A login or a certificate was refused: to go on waiting changes nothing.</summary>
    internal ClientError? Refusal => IsRefusal(cause) ? cause : null;

    /// <summary>Why there is no new access token; null while there is one.</summary>
    internal KafkaException? TokenFailure => tokenFailure;

    /// <summary>The error together with the complaint.</summary>
    internal ClientError Explained(ClientError error) => cause is { } complaint ? error with { Code = complaint.Code, Text = complaint.Text } : error;

    // What follows from a complaint explains less than it: a refused login ends in a broken connection, that in no broker being up.
    internal void Note(ClientError error)
    {
        lock (gate)
        {
            if (cause is null || (error.Code != ErrorCode.Local_AllBrokersDown && !IsRefusal(cause)))
            {
                cause = error;
            }
        }
    }

    internal void NoteToken(KafkaException? failure) => tokenFailure = failure;

    /// <summary>Forgets complaints of before: a connection that works again explains nothing.</summary>
    internal void Forget()
    {
        lock (gate)
        {
            cause = null;
        }
    }

    private static bool IsRefusal(ClientError? error) => error is { Code: ErrorCode.Local_Authentication }
        || (error is { Code: ErrorCode.Local_Ssl } && error.Text.Contains("certificate", StringComparison.Ordinal));
}
