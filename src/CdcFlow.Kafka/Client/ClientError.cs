using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>An error as librdkafka or a broker tells it.</summary>
/// <param name="Code">What.</param>
/// <param name="Text">Its sentence, without a full stop.</param>
/// <param name="IsFatal">Whether the client is over.</param>
/// <param name="IsRetriable">Whether the same call again may go well.</param>
/// <param name="RequiresAbort">Whether the transaction can only be aborted.</param>
internal sealed partial record ClientError(ErrorCode Code, string Text, bool IsFatal = false, bool IsRetriable = false, bool RequiresAbort = false)
{
    /// <summary>Its name in the protocol, as in <c>TOPIC_ALREADY_EXISTS</c>; librdkafka's own begin with an underscore.</summary>
    public string Name => WordStart().Replace(Code.ToString().Replace("Local_", "_", StringComparison.Ordinal), "_").ToUpperInvariant();

    /// <summary>The error for a bare code.</summary>
    public static ClientError Of(ErrorCode code) => Of(new Error(code));

    public static ClientError Of(Error error) => new(error.Code, error.Reason.TrimEnd('.', ' ', '\n'), error.IsFatal);

    public static ClientError Of(Confluent.Kafka.KafkaException failure) => Of(failure.Error) with
    {
        IsRetriable = failure is KafkaRetriableException,
        RequiresAbort = failure is KafkaTxnRequiresAbortException,
    };

    /// <summary>What a call failed with; null where it did not.</summary>
    public static ClientError? OfCall(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (Confluent.Kafka.KafkaException failure)
        {
            return Of(failure);
        }
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
