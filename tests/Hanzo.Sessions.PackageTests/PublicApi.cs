using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Hanzo.Sessions.PackageTests;

/// <summary>
/// What a user of a package can write, as text: every public type with its public and protected members, one a line.
/// What the compiler adds to a record is left out: the word record says it.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly package)
    {
        var text = new StringBuilder();
        foreach (var types in package.GetExportedTypes()
            .OrderBy(type => type.Namespace, StringComparer.Ordinal).ThenBy(type => type.FullName, StringComparer.Ordinal)
            .GroupBy(type => type.Namespace, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"namespace {types.Key}\n");
            foreach (var type in types)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{Head(type)}\n");
                foreach (var member in Members(type))
                {
                    text.Append(CultureInfo.InvariantCulture, $"    {member}\n");
                }
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>The public and protected methods, those that the compiler has made left out.</summary>
    public static IEnumerable<MethodInfo> Methods(Type type) => type.GetMethods(Declared)
        .Where(method => IsVisible(method) && !IsGenerated(method)
            && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)));

    public static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        var name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType
            ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : Keyword(type) ?? name;
    }

    private static string Head(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            _ when IsRecord(type) => type.IsValueType ? "readonly record struct" : "record",
            { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct",
            _ => "class",
        };
        var modifier = type switch
        {
            { IsInterface: true } or { IsValueType: true } => string.Empty,
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => string.Empty,
        };
        var parents = new[] { type.BaseType }.OfType<Type>()
            .Where(it => it != typeof(object) && it != typeof(ValueType) && it != typeof(Enum) && !type.IsEnum)
            .Concat(type.IsEnum ? [] : type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).OrderBy(Name, StringComparer.Ordinal))
            .Select(Name)
            .ToList();
        return $"public {modifier}{kind} {Name(type)}{(parents.Count > 0 ? " : " + string.Join(", ", parents) : string.Empty)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");
        }

        return
        [
            .. Sorted(type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly), Field),
            .. Sorted(type.GetConstructors(Declared).Where(made => IsVisible(made) && !IsGenerated(made)), made => $"{Modifiers(made)}new({Parameters(made)})"),
            .. Sorted(type.GetProperties(Declared).Where(it => it.GetAccessors(nonPublic: true).Any(IsVisible) && !IsContract(it)), Property),
            .. Sorted(type.GetEvents(Declared).Where(it => IsVisible(it.AddMethod!)), it => $"event {Name(it.EventHandlerType!)} {it.Name}"),
            .. Sorted(Methods(type), Method),
        ];
    }

    private static IEnumerable<string> Sorted<T>(IEnumerable<T> members, Func<T, string> text)
        where T : MemberInfo => members
        .Select(member => (member.Name, Text: text(member)))
        .OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => member.Text, StringComparer.Ordinal)
        .Select(member => member.Text);

    private static string Field(FieldInfo field)
    {
        var modifier = field.IsLiteral ? "const " : (field.IsStatic ? "static " : string.Empty) + (field.IsInitOnly ? "readonly " : string.Empty);
        return $"{modifier}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {Constant(field.GetRawConstantValue())}" : string.Empty)}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToList();
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : string.Empty;
        var set = property.SetMethod is { } setter && IsVisible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : string.Empty;
        var get = property.GetMethod is { } getter && IsVisible(getter) ? " get;" : string.Empty;
        return $"{Modifiers(accessors[0])}{required}{Text(property.PropertyType, Nullability.Create(property))} {property.Name} {{{get}{set} }}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : string.Empty;
        var result = Text(method.ReturnType, Nullability.Create(method.ReturnParameter));
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : string.Empty;
        return $"{Modifiers(method)}{result} {method.Name}{generic}({extension}{Parameters(method)}){string.Concat(method.GetGenericArguments().Select(Constraint))}";
    }

    private static string Constraint(Type parameter)
    {
        var isClass = parameter.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint);
        List<string> constraints = [.. isClass ? ["class"] : Array.Empty<string>(), .. parameter.GetGenericParameterConstraints().Select(Name)];
        return constraints.Count == 0 ? string.Empty : $" where {parameter.Name} : {string.Join(", ", constraints)}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ") : string.Empty;
        var rest = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : string.Empty;
        var unlessGiven = parameter.HasDefaultValue ? $" = {Constant(parameter.DefaultValue)}" : string.Empty;
        return $"{way}{rest}{Text(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{unlessGiven}";
    }));

    private static string Modifiers(MethodBase method)
    {
        var visible = method.IsPublic ? string.Empty : "protected ";
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsAbstract ? visible : visible + "virtual ";
        }

        var way = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            MethodInfo { IsVirtual: true, IsFinal: false } it when it.GetBaseDefinition() != it => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => string.Empty,
        };
        return visible + way;
    }

    // The name of a type with the question marks of nullable references, the arguments of generic types included.
    private static string Text(Type type, NullabilityInfo info)
    {
        var isNullable = !type.IsValueType && info.ReadState == NullabilityState.Nullable;
        var name = type switch
        {
            { IsArray: true } when info.ElementType is { } element => Text(type.GetElementType()!, element) + "[]",
            { IsGenericType: true } when Nullable.GetUnderlyingType(type) is null && info.GenericTypeArguments.Length > 0 =>
                $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Zip(info.GenericTypeArguments, Text))}>",
            _ => Name(type),
        };
        return isNullable ? name + "?" : name;
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsContract(PropertyInfo property) => property.Name is "EqualityContract";

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is { } print && IsGenerated(print));

    private static string Constant(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum => $"{value.GetType().Name}.{value}",
        IEnumerable => throw new InvalidOperationException("No constant is a list."),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static string? Keyword(Type type) => type switch
    {
        _ when type == typeof(void) => "void",
        _ when type == typeof(object) => "object",
        _ when type == typeof(string) => "string",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(byte) => "byte",
        _ when type == typeof(int) => "int",
        _ when type == typeof(long) => "long",
        _ when type == typeof(double) => "double",
        _ => null,
    };
}
