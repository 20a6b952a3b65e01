using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;

namespace CdcFlow.Generators.Rules;

/// <summary>Guarantees are type-checked: every sink can give what the pipeline asks for.</summary>
internal static class DeliveryRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        CheckTransactions(pipeline, report);
        if (pipeline.Delivery != "ExactlyOnce")
        {
            return;
        }

        foreach (var sink in pipeline.Sinks)
        {
            CheckSink(sink, pipeline, report);
        }
    }

    private static void CheckSink(SinkDeclaration sink, PipelineDeclaration pipeline, Report report)
    {
        var place = sink.Attribute.Place(sink.Member);
        if (sink.Traits.Kind == "AtLeastOnce")
        {
            report.Add(
                Descriptors.Delivery, place,
                $"Pipeline '{pipeline.Name}' asks for ExactlyOnce, but sink '{sink.Name}' ([{sink.Attribute.ShortName()}]) repeats writes after a crash: "
                + "use Delivery.AtLeastOnce, or a keyed or transactional sink");
        }
        else if (sink.Traits.Kind == "Idempotent")
        {
            report.Add(Descriptors.IdempotentEffect, place, sink.Name);
        }

        if (sink.Traits.NeedsReadCommitted)
        {
            report.Add(Descriptors.ReadCommitted, place, sink.Name);
        }
    }

    /// <summary>One commit decides a checkpoint, so one connection at most may be transactional, whatever the delivery.</summary>
    private static void CheckTransactions(PipelineDeclaration pipeline, Report report)
    {
        var connections = pipeline.Sinks.Where(sink => sink.Traits.Kind == "Transactional")
            .GroupBy(sink => (sink.Attribute.AttributeClass!.FullName(), sink.Connection)).Select(group => group.First()).ToList();
        foreach (var other in connections.Skip(1))
        {
            report.Add(
                Descriptors.Delivery, other.Attribute.Place(other.Member),
                $"Sinks '{connections[0].Name}' and '{other.Name}' are transactional on different connections, and no single commit could decide a checkpoint: "
                + "put one of them in a pipeline of its own, or on the same connection");
        }
    }
}
