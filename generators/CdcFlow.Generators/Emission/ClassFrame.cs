using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the namespace and the types around a class's other half, and its header.</summary>
internal static class ClassFrame
{
    public static void Write(SourceWriter writer, ClassModel home, string header, Action documentation, Action body)
    {
        var outer = new Stack<SourceWriter.Block>();
        if (home.Namespace is not null)
        {
            writer.Line($"namespace {home.Namespace};").Line();
        }

        foreach (var type in home.OuterTypes)
        {
            outer.Push(writer.Open(type));
        }

        documentation();
        using (writer.Open(header))
        {
            body();
        }

        while (outer.Count > 0)
        {
            outer.Pop().Dispose();
        }
    }
}
