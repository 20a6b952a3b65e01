using System.Text;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes lines of C# with the indentation of their block.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public SourceWriter Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', depth * 4).Append(line);
        }

        text.Append('\n');
        return this;
    }

    /// <summary>Writes a header and opens its block; disposing the result closes it.</summary>
    public Block Open(string header, string close = "}")
    {
        Line(header).Line("{");
        depth++;
        return new Block(this, close);
    }

    /// <summary>Writes a header and its constraint, and opens the block.</summary>
    public Block OpenWhere(string header, string constraint)
    {
        Line(header);
        using (Indent())
        {
            Line(constraint);
        }

        Line("{");
        depth++;
        return new Block(this, "}");
    }

    /// <summary>Indents without braces until disposed.</summary>
    public Block Indent()
    {
        depth++;
        return new Block(this, null);
    }

    public override string ToString() => text.ToString();

    /// <summary>What closes itself when disposed; the default one has nothing to close.</summary>
    internal readonly struct Block(SourceWriter? writer, string? close) : IDisposable
    {
        public void Dispose()
        {
            if (writer is null)
            {
                return;
            }

            writer.depth--;
            if (close is not null)
            {
                writer.Line(close);
            }
        }
    }
}
