namespace CdcFlow.Generators.Analyzers;

/// <summary>Which configuration keys a JSON settings file has, as in <c>CdcFlow:orders:Checkpoint:Store</c>.</summary>
/// <remarks>A scanner for key paths only: the compiler's process has no JSON library that an analyzer may count on. Comments and trailing commas, which
/// .NET allows in settings, pass; a malformed file gives the keys before the fault.</remarks>
internal sealed class SettingsKeys
{
    private readonly string json;
    private readonly List<string> keys = [];
    private int at;

    private SettingsKeys(string json) => this.json = json;

    /// <summary>Every path to a value, in order.</summary>
    public static IReadOnlyList<string> Of(string json)
    {
        var scanner = new SettingsKeys(json);
        scanner.Value("");
        return scanner.keys;
    }

    private void Value(string path)
    {
        SkipSpace();
        if (Take('{'))
        {
            Members(path);
        }
        else if (Take('['))
        {
            while (at < json.Length && json[at] != ']')
            {
                Value(path);
                SkipSpace();
                Take(',');
                SkipSpace();
            }

            Take(']');
        }
        else
        {
            keys.Add(path);
            _ = at < json.Length && json[at] == '"' ? Text() : Word();
        }
    }

    private void Members(string path)
    {
        for (SkipSpace(); at < json.Length && !Take('}'); SkipSpace())
        {
            if (json[at] != '"')
            {
                at = json.Length;
                return;
            }

            var name = Text();
            SkipSpace();
            Take(':');
            Value(path.Length == 0 ? name : $"{path}:{name}");
            SkipSpace();
            Take(',');
        }
    }

    private string Text()
    {
        var start = ++at;
        while (at < json.Length && json[at] != '"')
        {
            at += json[at] == '\\' ? 2 : 1;
        }

        var end = Math.Min(at++, json.Length);
        return json.Substring(start, end - start);
    }

    private string Word()
    {
        var start = at;
        while (at < json.Length && json[at] is not (',' or '}' or ']') && !char.IsWhiteSpace(json[at]))
        {
            at++;
        }

        // At least one character, so that a malformed file cannot hold the scanner.
        at = at == start ? at + 1 : at;
        return "";
    }

    private void SkipSpace()
    {
        while (at < json.Length)
        {
            if (char.IsWhiteSpace(json[at]))
            {
                at++;
            }
            else if (Starts("//"))
            {
                SkipTo("\n");
            }
            else if (Starts("/*"))
            {
                SkipTo("*/");
            }
            else
            {
                return;
            }
        }
    }

    private bool Starts(string text) => string.CompareOrdinal(json, at, text, 0, text.Length) == 0;

    private void SkipTo(string end)
    {
        var found = json.IndexOf(end, at, StringComparison.Ordinal);
        at = found < 0 ? json.Length : found + end.Length;
    }

    private bool Take(char letter)
    {
        if (at >= json.Length || json[at] != letter)
        {
            return false;
        }

        at++;
        return true;
    }
}
