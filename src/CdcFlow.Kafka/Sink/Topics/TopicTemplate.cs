namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>A topic's name, perhaps with placeholders for where a change comes from.</summary>
internal sealed class TopicTemplate
{
    private const int NameMax = 249;

    private readonly string text;

    private TopicTemplate(string text) => this.text = text;

    /// <summary>Whether it is the name itself.</summary>
    public bool IsFixed => !text.Contains('{', StringComparison.Ordinal);

    /// <summary>Reads a template.</summary>
    /// <exception cref="CdcFlowException">No topic could have such a name.</exception>
    public static TopicTemplate Parse(string text)
    {
        Checked(Fill(text, "x", new TableId("x", "x")));
        return new TopicTemplate(text);
    }

    /// <summary>A name that a topic can have.</summary>
    /// <remarks>Tables name topics, so a name is never to be trusted: it must not reach a broker, a path or a metric unchecked.</remarks>
    /// <exception cref="CdcFlowException">It cannot be one.</exception>
    public static string Checked(string name) =>
        name.Length is > 0 and <= NameMax && name is not ("." or "..") && name.All(IsLegal) ? name : throw KafkaSinkErrors.BadTopicName(name);

    /// <summary>The topic of a change.</summary>
    /// <exception cref="CdcFlowException">The table's name has letters that a topic's cannot have.</exception>
    public string Of(ChangeOrigin origin) => Checked(Fill(text, origin.Table.Source, origin.Table.Id));

    public override string ToString() => text;

    private static string Fill(string text, string source, TableId table) => text
        .Replace("{source}", source, StringComparison.Ordinal)
        .Replace("{schema}", table.Schema, StringComparison.Ordinal)
        .Replace("{table}", table.Name, StringComparison.Ordinal);

    private static bool IsLegal(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-';
}
